/// The identifiers of a run of sources, kept exactly as the catalogue has them.
public enum SourceIDs: Sendable, Equatable {
  /// No identifier column: the rowid stands in.
  case none
  /// 64-bit integers; `nulls` marks those that the catalogue left empty (and is empty itself when none is).
  case integer([Int64], nulls: [Bool])
  /// Text.
  case text(TextIDs)

  /// An empty list of the given kind.
  public init(kind: NarrowLayout.IDKind) {
    switch kind {
    case .none: self = .none
    case .integer: self = .integer([], nulls: [])
    case .text: self = .text(TextIDs())
    }
  }

  /// One identifier.
  public func id(at index: Int) -> SourceID {
    switch self {
    case .none: .null
    case .integer(let values, let nulls): nulls.isEmpty || !nulls[index] ? .integer(values[index]) : .null
    case .text(let texts): texts.withUTF8(at: index) { $0.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null }
    }
  }
}

/// One identifier.
public enum SourceID: Sendable, Hashable {
  /// A 64-bit integer.
  case integer(Int64)
  /// Text.
  case text(String)
  /// The catalogue gives none.
  case null
}

extension Statement {
  /// Binds an identifier.
  public func bind(_ index: Int, _ id: SourceID) {
    switch id {
    case .integer(let value): bind(index, value)
    case .text(let value): bind(index, value)
    case .null: bindNull(index)
    }
  }

  /// The identifier in a result column.
  public func sourceID(_ index: Int) -> SourceID {
    switch type(index) {
    case .integer: .integer(int64(index))
    case .null: .null
    default: .text(text(index))
    }
  }
}
