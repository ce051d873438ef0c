internal import CArrow

/// Lends columns that are wanted as the C door takes them.
func withArrowColumns<Result>(
  _ wanted: [WantedColumn], _ body: (UnsafeBufferPointer<xarrow_wanted>) throws -> Result
) rethrows -> Result {
  // The constants, end to end, each with a zero behind it.
  var texts: [CChar] = []
  let starts = wanted.map { column -> Int? in
    guard case .constant(let text?) = column.origin else { return nil }
    defer { texts += text.utf8CString }
    return texts.count
  }
  return try texts.withUnsafeBufferPointer { texts in
    let columns = zip(wanted, starts).map { column, start in
      xarrow_wanted(column, constant: start.flatMap { start in texts.baseAddress.map { $0 + start } })
    }
    return try columns.withUnsafeBufferPointer(body)
  }
}

extension xarrow_wanted {
  init(_ wanted: WantedColumn, constant: UnsafePointer<CChar>?) {
    self.init(
      column: -1, mask: -1, form: wanted.type.form, count: wanted.type.count,
      count_nanoseconds_log10: wanted.type.step?.log10Nanoseconds ?? 0, constant: constant)
    guard case .file(let column, let mask) = wanted.origin else { return }
    self.column = Int32(column)
    self.mask = mask.map { Int32($0) } ?? -1
  }
}
