extension PairCounts {
  /// Writes the counts; most cells of a small part of the sky are empty and take no room.
  public func write(to writer: inout IntegerWriter) {
    for side in [a, b] {
      writer.put(side.sources)
      for spread in side.spread { writer.put(spread) }
    }
    writer.put(pairs)
    writer.put(unclassed)
  }

  /// Reads counts of known classes and zones.
  public init(
    from reader: inout IntegerReader, classesA: Int, classesB: Int, zones: Int
  ) throws(IntegerReader.Malformed) {
    self.init(classesA: classesA, classesB: classesB, zones: zones)
    try a.read(from: &reader)
    try b.read(from: &reader)
    try readPairs(from: &reader)
  }
}

extension PairCounts.Side {
  fileprivate mutating func read(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    sources = try reader.array(count: sources.count)
    for index in spread.indices { spread[index] = try reader.int128() }
    let (mostSources, mostSpread) = (Int64(1) << 40, Int128(1) << 112)
    guard sources.allSatisfy({ $0 >= 0 && $0 <= mostSources }),
      spread.allSatisfy({ $0 >= 0 && $0 <= mostSpread })
    else {
      throw IntegerReader.Malformed()
    }
  }
}
