internal import CatalogStore
internal import Indexing
internal import Match

/// The payload of the density stage: what was measured in one region, or in all regions without common sky.
extension RunMeasurement {
  var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(unsigned: UInt64(regions.count))
    for region in regions { writer.put(region) }
    writer.put(unsigned: UInt64(photometry.count))
    for photometry in photometry { writer.put(photometry) }
    writer.put(unsigned: UInt64(pairModels.count))
    for model in pairModels {
      writer.put(model.sky)
      writer.put(bytes: model.payload)
    }
    return writer.bytes
  }

  /// - Throws: `IntegerReader.Malformed`.
  init(payload: [UInt8]) throws {
    var reader = IntegerReader(payload[...])
    let regions = try (0..<(try reader.length())).map { _ in try reader.region() }
    let shares = try (0..<(try reader.length())).map { _ in try reader.photometry() }
    let models = try (0..<(try reader.length())).map { _ in
      RunPairModel(sky: try reader.sky(), payload: Array(try reader.slice()))
    }
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
    self.init(classes: [], regions: regions, photometry: shares, pairModels: models)
  }
}

extension IntegerWriter {
  fileprivate mutating func put(_ sky: MeasuredSky) {
    switch sky {
    case .whole: put(unsigned: 0)
    case .pixel(let pixel):
      put(unsigned: 1)
      put(pixel)
    }
  }

  fileprivate mutating func put(_ region: RunRegion) {
    put(region.pixel)
    for value in [
      region.areaDegrees2, region.countA, region.countB, region.counterparts, region.unmatchedA, region.unmatchedB,
    ] { put(value) }
    put(ifAny: region.counterpartsError) { $0.put($1) }
    put(ifAny: region.measuredIn) { $0.put($1) }
    put(region.flags.rawValue)
    put(unsigned: UInt64(region.bandPairs.count))
    for pair in region.bandPairs {
      put(pair.bandA)
      put(pair.bandB)
      for value in [pair.counterparts, pair.unmatchedA, pair.unmatchedB] { put(value) }
      put(ifAny: pair.counterpartsError) { $0.put($1) }
    }
  }

  fileprivate mutating func put(_ photometry: RunPhotometry) {
    put(photometry.sky)
    put(unsigned: UInt64(photometry.shares.count))
    for share in photometry.shares { put(share) }
  }
}

extension IntegerReader {
  fileprivate mutating func sky() throws -> MeasuredSky {
    try unsigned() == 0 ? .whole : .pixel(try pixel())
  }

  fileprivate mutating func region() throws -> RunRegion {
    let pixel = try pixel()
    let values = try (0..<6).map { _ in try double() }
    return RunRegion(
      pixel: pixel, areaDegrees2: values[0], countA: values[1], countB: values[2], counterparts: values[3],
      counterpartsError: try ifAny { try $0.double() }, unmatchedA: values[4], unmatchedB: values[5],
      measuredIn: try ifAny { try $0.sky() },
      flags: MatchFlags(rawValue: try int64()), bandPairs: try (0..<(try length())).map { _ in try bandPair() })
  }

  private mutating func bandPair() throws -> RunBandPair {
    let (bandA, bandB) = (try text(), try text())
    let values = try (0..<3).map { _ in try double() }
    return RunBandPair(
      bandA: bandA, bandB: bandB, counterparts: values[0], counterpartsError: try ifAny { try $0.double() },
      unmatchedA: values[1], unmatchedB: values[2])
  }

  fileprivate mutating func photometry() throws -> RunPhotometry {
    RunPhotometry(
      sky: try sky(), shares: try (0..<(try length())).map { _ in try double() })
  }
}
