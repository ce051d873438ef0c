extension SourceIDs {
  /// Gives one identifier to a row.
  @inline(__always)
  func put(_ index: Int, into row: inout some RowSink & ~Copyable) {
    switch self {
    case .none: row.putNull()
    case .integer(let values, let nulls):
      if nulls.isEmpty || !nulls[index] { row.put(values[index]) } else { row.putNull() }
    case .text(let texts): texts.withUTF8(at: index) { if let text = $0 { row.put(utf8: text) } else { row.putNull() } }
    }
  }
}
