/// Edges by the source at one end, in the order given.
struct Adjacency: Sendable {
  private let start: [Int32]
  let partner: [Int32]
  let cdf: [Double]

  init(from: [Int32], to: [Int32], cdf given: [Double], count: Int) {
    var next = [Int32](repeating: 0, count: count + 1)
    for source in from { next[Int(source) + 1] += 1 }
    for source in 0..<count { next[source + 1] += next[source] }
    start = next
    var partner = to
    var cdf = given
    for edge in from.indices {
      let entry = Int(next[Int(from[edge])])
      next[Int(from[edge])] += 1
      partner[entry] = to[edge]
      cdf[entry] = given[edge]
    }
    self.partner = partner
    self.cdf = cdf
  }

  func entries(of source: Int) -> Range<Int> { Int(start[source])..<Int(start[source + 1]) }
}
