public import Match

extension SurvivorCounts {
  /// Writes the counts without their design.
  public func write(to writer: inout IntegerWriter) {
    forward.write(to: &writer)
    backward.write(to: &writer)
  }

  /// Reads counts of a known design.
  public init(from reader: inout IntegerReader, design: SurvivorDesign) throws(IntegerReader.Malformed) {
    self.init(design: design)
    try forward.read(from: &reader)
    try backward.read(from: &reader)
  }
}

extension DirectedCounts {
  fileprivate func write(to writer: inout IntegerWriter) {
    for array in [detected, brightArea, brightAreaCount, variance] + survivors + marks + brightest { writer.put(array) }
    areas.write(to: &writer)
    outcomes.write(to: &writer)
  }

  fileprivate mutating func read(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    try Self.read(&detected, &reader)
    try Self.read(&brightArea, &reader, limit: .max)
    try Self.read(&brightAreaCount, &reader)
    try Self.read(&variance, &reader, limit: .max)
    for table in survivors.indices { try Self.read(&survivors[table], &reader) }
    for table in marks.indices { try Self.read(&marks[table], &reader) }
    for table in brightest.indices { try Self.read(&brightest[table], &reader) }
    areas = try TallySet(from: &reader)
    outcomes = try TallySet(from: &reader)
  }

  /// - Parameter limit: No catalogue has 10¹² sources.
  private static func read(
    _ array: inout [Int64], _ reader: inout IntegerReader, limit: Int64 = 1 << 40
  ) throws(IntegerReader.Malformed) {
    array = try reader.array(count: array.count)
    guard array.allSatisfy({ $0 >= 0 && $0 <= limit }) else { throw IntegerReader.Malformed() }
  }
}
