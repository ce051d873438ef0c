/// The pairs of every cell by zone, without the zones that have none: most cells have no pair at all.
struct CellPairs {
  /// Where the entries of each cell begin, and where the last ends.
  let start: [Int32]
  /// Zones of the entries.
  let zone: [UInt8]
  /// Pairs in them.
  let count: [Double]

  /// - Parameter counts: By cell, then by zone.
  init(_ counts: [UInt32], zones: Int) {
    var (start, zone, count): ([Int32], [UInt8], [Double]) = ([0], [], [])
    start.reserveCapacity(counts.count / zones + 1)
    for cell in stride(from: 0, to: counts.count, by: zones) {
      for index in 0..<zones where counts[cell + index] > 0 {
        zone.append(UInt8(index))
        count.append(Double(counts[cell + index]))
      }
      start.append(Int32(zone.count))
    }
    self.start = start
    self.zone = zone
    self.count = count
  }

  /// The entries of a cell.
  @inline(__always)
  func entries(_ cell: Int) -> Range<Int> { Int(start[cell])..<Int(start[cell + 1]) }

  /// The number of pairs of a cell.
  func total(_ cell: Int) -> Double { entries(cell).reduce(0) { $0 + count[$1] } }
}
