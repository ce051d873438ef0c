extension ExtinctionMap {
  private static let form: UInt64 = 1

  /// The map as bytes, 4 MB at most. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(unsigned: Self.form)
    writer.put(values.map { UInt8($0.count) })
    writer.put(values.flatMap { $0.map(\.bitPattern) })
    return writer.bytes
  }

  /// A map of that form.
  /// - Throws: `Malformed` for bytes that are none.
  public init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    guard try reader.unsigned() == Self.form else { throw IntegerReader.Malformed() }
    let counts: [UInt8] = try reader.array(count: Self.pixelCount)
    guard counts.allSatisfy({ $0 <= Self.mostValues }) else { throw IntegerReader.Malformed() }
    let bits: [UInt32] = try reader.array(count: counts.reduce(0) { $0 + Int($1) })
    let numbers = bits.map { Float(bitPattern: $0) }
    guard reader.isAtEnd, !numbers.isEmpty,
      numbers.allSatisfy({ ExtinctionDistribution.believed.contains(Double($0)) })
    else { throw IntegerReader.Malformed() }
    var next = 0
    var values: [[Float]] = []
    values.reserveCapacity(counts.count)
    for count in counts {
      values.append(Array(numbers[next..<next + Int(count)]))
      next += Int(count)
    }
    self.init(checked: values)
  }
}
