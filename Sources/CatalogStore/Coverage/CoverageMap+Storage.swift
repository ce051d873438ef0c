internal import Indexing

/// The stored form: per node three little-endian 64-bit words: 4^(order+1) + pixel (the NUNIQ of MOC), 2·count + border,
/// and the fraction as Float64.
extension CoverageMap {
  var stored: [UInt64] {
    nodes.flatMap { node -> [UInt64] in
      let unique = UInt64(4) << UInt64(2 * node.pixel.order) + UInt64(node.pixel.index)
      return [unique, UInt64(node.count) * 2 + (node.isBorder ? 1 : 0), node.fraction.bitPattern]
    }
  }

  init(stored bytes: UnsafeRawBufferPointer, subject: String) throws {
    guard bytes.count % 24 == 0 else {
      throw StoreError(.damaged, subject, "the coverage map has the wrong length; run `xmdb verify`")
    }
    var nodes: [Node] = []
    var total: Int64 = 0
    nodes.reserveCapacity(bytes.count / 24)
    for start in stride(from: 0, to: bytes.count, by: 24) {
      func word(_ index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + index * 8, as: UInt64.self))
      }
      guard let node = Node(unique: word(0), count: word(1), fraction: Double(bitPattern: word(2))),
        nodes.last.map({ $0.pixel.range29.upperBound <= node.pixel.range29.lowerBound }) ?? true,
        node.count <= Int64.max - total
      else {
        throw StoreError(.damaged, subject, "the coverage map holds an impossible pixel; run `xmdb verify`")
      }
      total += node.count
      nodes.append(node)
    }
    self.init(nodes: nodes)
  }
}

extension CoverageMap.Node {
  /// Nil for words that no map holds.
  fileprivate init?(unique: UInt64, count: UInt64, fraction: Double) {
    guard unique >= 4, unique < 1 << 62, (0...1).contains(fraction) else { return nil }
    let order = (63 - unique.leadingZeroBitCount) / 2 - 1
    let index = Int64(unique) - Int64(4) << Int64(2 * order)
    guard (0..<(Int64(12) << Int64(2 * order))).contains(index) else { return nil }
    self.init(
      pixel: HealpixPixel(order: order, index: index), count: Int64(count / 2), fraction: fraction,
      isBorder: count % 2 == 1)
  }
}
