/// One argument of a function or of a table: its name, unit and range. Checks, messages and docs all come from here.
package struct Parameter: Sendable {
  package enum Kind: Sendable {
    case real(NumberRange)
    case integer(ClosedRange<Int64>)
    case text
    /// An identifier: an integer or a text.
    case identifier
  }

  package let name: String
  /// The unit or meaning, as in "degrees" or "name of a catalogue".
  package let unit: String
  package let kind: Kind
  /// A table's argument that may be left out. Functions have none.
  package let isOptional: Bool

  package init(_ name: String, unit: String, kind: Kind, isOptional: Bool = false) {
    self.name = name
    self.unit = unit
    self.kind = kind
    self.isOptional = isOptional
  }

  /// The same parameter, which may be left out (only for tables, and only after the required ones).
  package var optional: Parameter { Parameter(name, unit: unit, kind: kind, isOptional: true) }

  /// What is allowed: "degrees, -90 to 90".
  package var expectation: String {
    switch kind {
    case .real(let range): "\(unit), \(range.inWords)"
    case .integer(let range) where range.upperBound == .max: "\(unit), an integer >= \(range.lowerBound)"
    case .integer(let range): "\(unit), an integer from \(range.lowerBound) to \(range.upperBound)"
    case .text: "text: \(unit)"
    case .identifier: "\(unit), an integer or text"
    }
  }

  /// "argument 3 (ra2) is 'abc'; expected degrees, a finite number".
  func refusal(of value: SQLValue, at index: Int) -> SQLFunctionError {
    SQLFunctionError("argument \(index + 1) (\(name)) is \(value.inMessage); expected \(expectation)")
  }
}

extension Parameter {
  package static func real(_ name: String, _ unit: String, _ range: NumberRange = .all) -> Parameter {
    Parameter(name, unit: unit, kind: .real(range))
  }

  package static func integer(_ name: String, _ unit: String, _ range: ClosedRange<Int64>) -> Parameter {
    Parameter(name, unit: unit, kind: .integer(range))
  }

  package static func text(_ name: String, _ meaning: String) -> Parameter {
    Parameter(name, unit: meaning, kind: .text)
  }

  package static func identifier(_ name: String, _ meaning: String) -> Parameter {
    Parameter(name, unit: meaning, kind: .identifier)
  }

  /// A right ascension or longitude. Any turn is accepted: −10 is 350, 370 is 10.
  package static func ra(_ name: String) -> Parameter { .real(name, "degrees") }
  package static func dec(_ name: String) -> Parameter { .real(name, "degrees", NumberRange(from: -90, to: 90)) }
  package static func separation(_ name: String) -> Parameter {
    .real(name, "arcsec", NumberRange(from: 0, to: 648_000))
  }
  /// A 1-σ position error. The lower bound keeps its square a number.
  package static func sigma(_ name: String) -> Parameter {
    .real(name, "arcsec", NumberRange(from: 1e-12, to: 648_000))
  }
  package static func density(_ name: String) -> Parameter { .real(name, "per square degree", .positive) }
  /// A logarithm of a likelihood or of a ratio of likelihoods: far beyond any pair, and far from where sums overflow.
  package static func log10(_ name: String, _ meaning: String) -> Parameter {
    .real(name, meaning, NumberRange(from: -1e6, to: 1e6))
  }
  package static func epoch(_ name: String) -> Parameter {
    .real(name, "Julian years", NumberRange(from: -100_000, to: 100_000))
  }
  package static func motion(_ name: String) -> Parameter {
    .real(name, "mas per year", NumberRange(from: -1e9, to: 1e9))
  }
  package static func catalogue(_ name: String) -> Parameter { .text(name, "name of a catalogue") }
  package static let run = Parameter.integer("run", "number of a finished run, see xm_runs", 1...(.max))
  /// A HEALPix order, 0 to 29.
  package static func order(_ name: String) -> Parameter { .integer(name, "HEALPix order", 0...29) }
  /// A nested HEALPix index; whether it fits its order is for the function to check.
  package static func pixel(_ name: String) -> Parameter { .integer(name, "nested HEALPix index", 0...(.max)) }
}
