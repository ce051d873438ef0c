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
    nodes.reserveCapacity(bytes.count / 24)
    for start in stride(from: 0, to: bytes.count, by: 24) {
      let unique = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      let count = bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
      let fraction = Double(bitPattern: bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self))
      let order = (63 - unique.leadingZeroBitCount) / 2 - 1
      let pixel = Int64(unique) - Int64(4) << Int64(2 * max(order, 0))
      guard (0...29).contains(order), (0..<(Int64(12) << Int64(2 * order))).contains(pixel) else {
        throw StoreError(.damaged, subject, "the coverage map holds an impossible pixel; run `xmdb verify`")
      }
      nodes.append(
        Node(pixel: HealpixPixel(order: order, index: pixel), count: Int64(count / 2), fraction: fraction, isBorder: count % 2 == 1))
    }
    self.init(nodes: nodes)
  }
}
