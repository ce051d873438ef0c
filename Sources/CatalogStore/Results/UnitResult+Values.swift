/// The values of a row, in the order of its table's columns.
extension UnitResult {
  func put(_ row: MatchRow, into sink: inout some RowSink & ~Copyable) {
    let (i, j) = (Int(row.a), Int(row.b))
    a.columns.ids.put(i, into: &sink)
    b.columns.ids.put(j, into: &sink)
    a.putPosition(i, into: &sink)
    b.putPosition(j, into: &sink)
    sink.put(row.matchP)
    sink.put(row.pairP)
    sink.put(row.separationArcsec)
    sink.put(row.eta)
    sink.put(row.xi)
    for _ in 0..<6 { sink.putNull() }
    sink.put(a.sigmaArcsec[i])
    sink.put(b.sigmaArcsec[j])
    b.put(row.runnerUpOfA, into: &sink)
    a.put(row.runnerUpOfB, into: &sink)
    sink.put(row.matchPWithoutPhotometry)
    sink.put(row.pairPWithoutPhotometry)
    sink.put(row.island)
    sink.put(row.flags.rawValue)
    sink.put(a.columns.rank[i])
    sink.put(b.columns.rank[j])
  }

  func put(_ row: NonmatchRow, into sink: inout some RowSink & ~Copyable) {
    if row.isA { put(row, "a", own: a, other: b, into: &sink) } else { put(row, "b", own: b, other: a, into: &sink) }
  }

  private func put(
    _ row: NonmatchRow, _ side: Unicode.Scalar, own: ResultSources, other: ResultSources,
    into sink: inout some RowSink & ~Copyable
  ) {
    let place = Int(row.source)
    withUnsafeBytes(of: UInt8(ascii: side)) { sink.put(utf8: $0) }
    own.columns.ids.put(place, into: &sink)
    own.putPosition(place, into: &sink)
    sink.put(row.matchP)
    sink.put(row.aloneP)
    sink.put(row.nearest?.separationArcsec ?? .nan)
    sink.put(row.nearest?.eta ?? .nan)
    sink.put(row.nearest?.xi ?? .nan)
    if let nearest = row.nearest { other.columns.ids.put(Int(nearest.place), into: &sink) } else { sink.putNull() }
    sink.putNull()
    sink.put(own.sigmaArcsec[place])
    sink.put(row.matchPWithoutPhotometry)
    sink.put(row.alonePWithoutPhotometry)
    sink.put(row.island)
    sink.put(row.flags.rawValue)
    sink.put(own.columns.rank[place])
  }

  func put(_ row: PairRow, into sink: inout some RowSink & ~Copyable) {
    let (i, j) = (Int(row.a), Int(row.b))
    a.columns.ids.put(i, into: &sink)
    b.columns.ids.put(j, into: &sink)
    sink.put(row.separationArcsec)
    sink.put(row.chiSquared)
    sink.put(row.log10Density)
    sink.put(row.priorBoth)
    sink.put(row.priorA)
    sink.put(row.priorB)
    sink.put(row.eta)
    sink.put(row.xi)
    sink.put(row.pairP)
    sink.put(Int64(row.isMatched ? 1 : 0))
    sink.put(row.pairPWithoutPhotometry)
    sink.put(Int64(row.isMatchedWithoutPhotometry ? 1 : 0))
    row.classes.a < 0 ? sink.putNull() : sink.put(Int64(row.classes.a))
    row.classes.b < 0 ? sink.putNull() : sink.put(Int64(row.classes.b))
    sink.put(row.island)
    sink.put(row.flags.rawValue)
    sink.put(a.columns.rank[i])
    sink.put(b.columns.rank[j])
  }
}

extension ResultSources {
  /// Right ascension and declination as catalogued.
  @inline(__always)
  fileprivate func putPosition(_ place: Int, into sink: inout some RowSink & ~Copyable) {
    sink.put(raDegrees[place])
    sink.put(decDegrees[place])
  }

  /// One of these sources as the runner-up of another.
  @inline(__always)
  fileprivate func put(_ runnerUp: RunnerUp?, into sink: inout some RowSink & ~Copyable) {
    guard let runnerUp else {
      sink.putNull()
      return sink.putNull()
    }
    columns.ids.put(Int(runnerUp.place), into: &sink)
    sink.put(runnerUp.probability)
  }
}
