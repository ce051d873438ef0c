/// Lists of numbers, bit by bit.
extension IntegerWriter {
  mutating func put(doubles: [Double]) {
    put(unsigned: UInt64(doubles.count))
    for value in doubles { put(value) }
  }
}

extension IntegerReader {
  /// - Parameter limit: The longest list that is believed.
  mutating func doubles(limit: Int = .max) throws(Malformed) -> [Double] {
    let count = try length()
    guard count <= limit else { throw Malformed() }
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try double()) }
    return values
  }
}
