/// Fills an empty table with rows in the order of their numbers, 1, 2, 3, … where none are given, as full leaves, and puts a tree
/// over them.
struct TableTree: ~Copyable {
  private struct Child {
    let page: UInt32
    let lastRow: Int64
  }

  private let file: PageFile
  private let root: UInt32
  private var leaf: CellPage
  private var cells = CellWriter()
  private var leaves: [Child] = []
  /// The number of the last row.
  private var lastRow: Int64 = 0

  /// - Parameter root: The table's root page, an empty leaf.
  init(_ file: PageFile, root: UInt32) {
    self.file = file
    self.root = root
    leaf = CellPage(.tableLeaf, pageBytes: file.pageBytes)
  }

  /// Adds the row that follows the last one.
  mutating func append(_ record: borrowing RecordBuffer) throws { try append(record, row: lastRow + 1) }

  /// Adds a row whose number is greater than that of the last one.
  mutating func append(_ record: borrowing RecordBuffer, row: Int64) throws {
    try cells.make(record, row: row, in: file)
    if !leaf.add(cells.cell.bytes) {
      try closeLeaf()
      let fits = leaf.add(cells.cell.bytes)
      assert(fits, "a cell is shorter than a page")
    }
    lastRow = row
  }

  private mutating func closeLeaf() throws {
    leaves.append(Child(page: try file.append(leaf.finished()), lastRow: lastRow))
    leaf.reset()
  }

  /// Writes what is left. A table of one leaf is its root.
  mutating func finish() throws {
    if leaves.isEmpty { return try file.replace(root, with: leaf.finished()) }
    try closeLeaf()
    var level = leaves
    // A cell of an interior page has at most 13 bytes, and 2 point to it.
    let fanOut = (file.pageBytes - 12) / 15
    var page = CellPage(.tableInterior, pageBytes: file.pageBytes)
    while level.count > fanOut {
      let parents = (level.count + fanOut - 1) / fanOut
      level = try (0..<parents).map { parent in
        let children = level[level.count * parent / parents..<level.count * (parent + 1) / parents]
        return Child(page: try file.append(Self.fill(&page, children)), lastRow: children.last!.lastRow)
      }
    }
    try file.replace(root, with: Self.fill(&page, level[...]))
  }

  private static func fill(_ page: inout CellPage, _ children: ArraySlice<Child>) -> UnsafeRawBufferPointer {
    page.reset()
    var key = ByteBuffer()
    for child in children.dropLast() {
      key.reset()
      key.append(varint: UInt64(bitPattern: child.lastRow))
      let fits = page.add(key.bytes, leftChild: child.page)
      assert(fits, "the fan-out is that of the longest cells")
    }
    return page.finished(rightChild: children.last!.page)
  }
}
