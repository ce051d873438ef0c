/// The type of a column of a source, as kept in the registry.
///
/// Integers of up to 64 bits are widened to `int64`; only unsigned 64-bit ones have a type of their own, so that every
/// identifier is kept exactly. Dates and times stay integers that count `TimeStep`s, so nothing is rounded. Decimals are
/// integers where they have no decimal places and fit, else `float64`. Dictionaries of text are text.
public enum ColumnType: Sendable, Hashable {
  case int64
  case uint64
  case float64
  case float32
  case bool
  case text
  case binary
  /// Steps since 1970-01-01; in practice days or milliseconds.
  case date(TimeStep)
  /// Steps since midnight.
  case time(TimeStep)
  /// Steps since 1970-01-01T00:00:00, in UTC if a zone is given, otherwise in an unnamed scale.
  case timestamp(TimeStep, zone: String)
  /// An interval.
  case duration(TimeStep)

  /// Whether values are numbers that can play a numeric role.
  public var isNumeric: Bool {
    switch self {
    case .int64, .uint64, .float64, .float32: true
    default: false
    }
  }

  /// The step of integers that count time; nil for other types.
  public var step: TimeStep? {
    switch self {
    case .date(let step), .time(let step), .timestamp(let step, _), .duration(let step): step
    default: nil
    }
  }
}

extension ColumnType {
  /// Whether values are floating-point numbers.
  public var isFloatingPoint: Bool { self == .float64 || self == .float32 }
}

/// What one step of an integer date or time is.
public enum TimeStep: String, Sendable, Hashable, CaseIterable {
  case day = "d"
  case second = "s"
  case millisecond = "ms"
  case microsecond = "us"
  case nanosecond = "ns"

  /// Length in seconds.
  public var seconds: Double {
    switch self {
    case .day: 86_400
    case .second: 1
    case .millisecond: 1e-3
    case .microsecond: 1e-6
    case .nanosecond: 1e-9
    }
  }
}

extension ColumnType: CustomStringConvertible, LosslessStringConvertible {
  /// The stable name used in the registry, for example `float64`, `date[d]` or `timestamp[us,UTC]`.
  public var description: String {
    switch self {
    case .int64: "int64"
    case .uint64: "uint64"
    case .float64: "float64"
    case .float32: "float32"
    case .bool: "bool"
    case .text: "text"
    case .binary: "binary"
    case .date(let step): "date[\(step.rawValue)]"
    case .time(let step): "time[\(step.rawValue)]"
    case .timestamp(let step, zone: ""): "timestamp[\(step.rawValue)]"
    case .timestamp(let step, let zone): "timestamp[\(step.rawValue),\(zone)]"
    case .duration(let step): "duration[\(step.rawValue)]"
    }
  }

  private static let plain: [ColumnType] = [.int64, .uint64, .float64, .float32, .bool, .text, .binary]

  /// Reads back a stable name; nil if it is not one.
  public init?(_ description: String) {
    if let plain = ColumnType.plain.first(where: { $0.description == description }) {
      self = plain
      return
    }
    guard description.hasSuffix("]"), let open = description.firstIndex(of: "[") else { return nil }
    let inside = description[description.index(after: open)...].dropLast()
    let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let word = parts.first, let step = TimeStep(rawValue: String(word)) else { return nil }
    let zone = parts.count == 2 ? String(parts[1]) : nil
    switch (description[..<open], zone) {
    case ("date", nil): self = .date(step)
    case ("time", nil): self = .time(step)
    case ("timestamp", let zone): self = .timestamp(step, zone: zone ?? "")
    case ("duration", nil): self = .duration(step)
    default: return nil
    }
  }
}
