/// Fills an empty index with entries that come in its order: full pages from left to right on every level at once.
///
/// In an index every entry is in one page only. When a page is full, its last entry moves up to separate it from the next.
struct IndexTree: ~Copyable {
  private let file: PageFile
  private let root: UInt32
  private var cells = CellWriter()
  private var leaf: CellPage
  private var parent: InteriorLevel?

  /// - Parameter root: The index's root page, an empty leaf.
  init(_ file: PageFile, root: UInt32) {
    self.file = file
    self.root = root
    leaf = CellPage(.indexLeaf, pageBytes: file.pageBytes)
  }

  /// Adds an entry: the indexed columns, then the number of the row.
  mutating func append(_ record: borrowing RecordBuffer) throws {
    try cells.make(record, in: file)
    if leaf.add(cells.cell.bytes) { return }
    var separator = ByteBuffer()
    _ = leaf.removeLast(into: &separator)
    if parent == nil { parent = InteriorLevel(file) }
    try parent!.append(leftChild: try file.append(leaf.finished()), separator)
    leaf.reset()
    let fits = leaf.add(cells.cell.bytes)
    assert(fits, "a quarter of a page holds a cell")
  }

  /// Writes what is left. An index of one leaf is its root.
  mutating func finish() throws {
    guard let parent else { return try file.replace(root, with: leaf.finished()) }
    try parent.finish(rightChild: try file.append(leaf.finished()), root: root)
  }
}

/// The rightmost page of one level above the leaves.
private final class InteriorLevel {
  private let file: PageFile
  private var page: CellPage
  private var parent: InteriorLevel?

  init(_ file: PageFile) {
    self.file = file
    page = CellPage(.indexInterior, pageBytes: file.pageBytes)
  }

  func append(leftChild: UInt32, _ cell: borrowing ByteBuffer) throws {
    if page.add(cell.bytes, leftChild: leftChild) { return }
    var separator = ByteBuffer()
    let rightChild = page.removeLast(into: &separator)
    if parent == nil { parent = InteriorLevel(file) }
    try parent!.append(leftChild: try file.append(page.finished(rightChild: rightChild)), separator)
    page.reset()
    let fits = page.add(cell.bytes, leftChild: leftChild)
    assert(fits, "a quarter of a page holds a cell")
  }

  func finish(rightChild: UInt32, root: UInt32) throws {
    let bytes = page.finished(rightChild: rightChild)
    guard let parent else { return try file.replace(root, with: bytes) }
    try parent.finish(rightChild: try file.append(bytes), root: root)
  }
}
