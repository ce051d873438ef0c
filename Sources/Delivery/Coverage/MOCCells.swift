internal import Indexing

/// The cells of a multi-order coverage map: the largest pixels that make up a part of the sky.
struct MOCCells {
  /// In order along the curve.
  let pixels: [HealpixPixel]

  init(_ region: PixelRangeSet) { pixels = region.pixels }

  /// The finest order; 0 of nothing.
  var order: Int { pixels.map(\.order).max() ?? 0 }

  /// 4^(order + 1) + index of each cell, ascending. Source: MOC 2.0, section 4.3.1 (NUNIQ).
  var uniqueNumbers: [Int64] { pixels.map { (Int64(4) << Int64(2 * $0.order)) + $0.index }.sorted() }

  /// The cells by their orders. Source: MOC 2.0, section 4.3.3.
  var json: String {
    let byOrder = Dictionary(grouping: pixels, by: \.order).sorted { $0.key < $1.key }
    let lists = byOrder.map { order, pixels in
      "\"\(order)\":[" + pixels.map { "\($0.index)" }.joined(separator: ",") + "]"
    }
    return "{" + (lists.isEmpty ? "\"0\":[]" : lists.joined(separator: ",\n")) + "}\n"
  }
}
