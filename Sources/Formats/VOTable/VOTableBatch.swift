/// The cells of the columns that are wanted of a table, by field.
///
/// Events of the parser reach them without counting references: there are tens of millions.
final class VOTableBatch {
  private let cells: [VOTableCells?]
  private let places: UnsafeMutableBufferPointer<Unmanaged<VOTableCells>?>

  init(_ cells: [VOTableCells?]) {
    self.cells = cells
    places = .allocate(capacity: cells.count)
    for (place, column) in cells.enumerated() {
      places.initializeElement(at: place, to: column.map { Unmanaged.passUnretained($0) })
    }
  }

  deinit { places.deallocate() }

  /// Fields of the table.
  var fieldCount: Int { places.count }

  /// The column of a field; nil if it is not wanted, or there is no such field. Valid as long as the batch is.
  @inline(__always) subscript(_ field: Int) -> Unmanaged<VOTableCells>? {
    field < places.count ? places[field] : nil
  }

  func removeAll() { for column in cells { column?.removeAll() } }

  /// Bytes of all texts.
  var byteCount: Int { cells.reduce(0) { $0 + ($1?.byteCount ?? 0) } }
}
