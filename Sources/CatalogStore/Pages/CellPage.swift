/// One page of a B-tree while it is filled: pointers to its cells grow from the front, the cells from the back.
///
/// - Source: https://sqlite.org/fileformat2.html §1.6
struct CellPage: ~Copyable {
  /// What a page holds (its first byte).
  enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13

    var isLeaf: Bool { self == .indexLeaf || self == .tableLeaf }
  }

  private let kind: Kind
  private let memory: UnsafeMutableRawBufferPointer
  private var contentStart: Int
  /// Where the content started before the last cell was added.
  private var contentStartBefore: Int
  private(set) var cellCount = 0

  init(_ kind: Kind, pageBytes: Int) {
    self.kind = kind
    memory = .allocate(byteCount: pageBytes, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    contentStart = pageBytes
    contentStartBefore = pageBytes
  }

  deinit { memory.deallocate() }

  private var headerBytes: Int { kind.isLeaf ? 8 : 12 }

  /// Empties the page.
  mutating func reset() {
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    contentStart = memory.count
    contentStartBefore = memory.count
    cellCount = 0
  }

  /// Adds a cell if there is room; an interior page's cell begins with the page of its left child.
  mutating func add(_ cell: UnsafeRawBufferPointer, leftChild: UInt32? = nil) -> Bool {
    let bytes = cell.count + (leftChild == nil ? 0 : 4)
    let pointer = headerBytes + 2 * cellCount
    guard contentStart - bytes >= pointer + 2 else { return false }
    contentStartBefore = contentStart
    contentStart -= bytes
    if let leftChild { store(leftChild, at: contentStart) }
    (memory.baseAddress! + contentStart + bytes - cell.count).copyMemory(
      from: cell.baseAddress!, byteCount: cell.count)
    store(UInt16(contentStart), at: pointer)
    cellCount += 1
    return true
  }

  /// Takes back the cell that was added last: an interior page's left child, and the rest of the cell.
  mutating func removeLast(into cell: inout ByteBuffer) -> UInt32 {
    let skipped = kind.isLeaf ? 0 : 4
    let bytes = UnsafeRawBufferPointer(rebasing: memory[contentStart..<contentStartBefore])
    let leftChild = kind.isLeaf ? 0 : UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    cell.append(UnsafeRawBufferPointer(rebasing: bytes[skipped...]))
    contentStart = contentStartBefore
    cellCount -= 1
    store(UInt16(0), at: headerBytes + 2 * cellCount)
    return leftChild
  }

  /// Writes the header and hands out the page.
  mutating func finished(rightChild: UInt32? = nil) -> UnsafeRawBufferPointer {
    memory[0] = kind.rawValue
    store(UInt16(cellCount), at: 3)
    // 65536 does not fit and is written as 0.
    store(UInt16(truncatingIfNeeded: contentStart), at: 5)
    if let rightChild { store(rightChild, at: 8) }
    return UnsafeRawBufferPointer(memory)
  }

  private func store(_ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
    memory.storeBytes(of: value.bigEndian, toByteOffset: offset, as: type(of: value))
  }
}
