internal import Indexing

extension GivenCounts {
  private static let form: UInt64 = 1
  private static let longestName = 256

  /// The counts as bytes: 1 to 22 kB a sightline. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(unsigned: Self.form)
    writer.put(bytes: band.utf8)
    writer.put(unsigned: UInt64(sightlines.count))
    for sightline in sightlines {
      switch sightline.place {
      case .everywhere: writer.put(unsigned: 0)
      case .around(let position):
        writer.put(unsigned: 1)
        writer.put(position.raDegrees)
        writer.put(position.decDegrees)
      case .pixel(let pixel, let area):
        writer.put(unsigned: 2)
        writer.put(unsigned: UInt64(pixel.order))
        writer.put(pixel.index)
        writer.put(area)
      }
      sightline.stars.write(to: &writer)
    }
    return writer.bytes
  }

  /// Counts of that form.
  /// - Throws: `Malformed` for bytes that are none.
  public init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    guard try reader.unsigned() == Self.form else { throw IntegerReader.Malformed() }
    let name = try reader.slice()
    guard name.count <= Self.longestName else { throw IntegerReader.Malformed() }
    let count = try reader.count(limit: Self.largestCount)
    var sightlines: [Sightline] = []
    for _ in 0..<count {
      sightlines.append(Sightline(place: try Self.place(&reader), stars: try GivenStars(from: &reader)))
    }
    guard reader.isAtEnd, Set(sightlines.map(\.stars.grid)).count == 1,
      let made = try? GivenCounts(band: String(decoding: name, as: UTF8.self), sightlines: sightlines)
    else { throw IntegerReader.Malformed() }
    self = made
  }

  private static func place(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> Place {
    switch try reader.unsigned() {
    case 0: return .everywhere
    case 1:
      guard let position = SkyPosition(raDegrees: try reader.double(), decDegrees: try reader.double()) else {
        throw IntegerReader.Malformed()
      }
      return .around(position)
    case 2:
      let (order, index, area) = (
        try reader.count(limit: finestOrder), try reader.int64(), try reader.double()
      )
      guard (0..<Int64(12) << Int64(2 * order)).contains(index), area > 0, area <= ObservedCounts.wholeSkyDeg2 else {
        throw IntegerReader.Malformed()
      }
      return .pixel(HealpixPixel(order: order, index: index), areaDeg2: area)
    default: throw IntegerReader.Malformed()
    }
  }
}

extension GivenStars {
  fileprivate func write(to writer: inout IntegerWriter) {
    writer.put(grid.first)
    writer.put(grid.step)
    writer.put(unsigned: UInt64(grid.count))
    writer.put(extinctionAV ?? -1)
    writer.put(faintEnd)
    writer.put(unsigned: UInt64(layers.count))
    for layer in layers {
      writer.put(layer.share)
      writer.put(layer.density.map(\.bitPattern))
    }
  }

  fileprivate init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    let (first, step, count) = (
      try reader.double(), try reader.double(), try reader.count(limit: MagnitudeGrid.largestCount)
    )
    guard let grid = try? MagnitudeGrid(first: first, step: step, count: count) else { throw IntegerReader.Malformed() }
    let (extinction, end) = (try reader.double(), try reader.double())
    guard extinction == -1 || (Self.leastExtinction...ExtinctionDistribution.believed.upperBound).contains(extinction),
      MagnitudeGrid.magnitudes.contains(end)
    else { throw IntegerReader.Malformed() }
    var layers: [Layer] = []
    for _ in 0..<(try reader.count(limit: Self.steps + 1)) {
      let share = try reader.double()
      let bits: [UInt32] = try reader.array(count: grid.count)
      let density = bits.map { Float(bitPattern: $0) }
      guard (0...Self.largestShare).contains(share), share >= layers.last?.share ?? 0,
        density.allSatisfy({ Self.densities.contains(Double($0)) })
      else { throw IntegerReader.Malformed() }
      layers.append(Layer(share: share, density: density))
    }
    guard !layers.isEmpty else { throw IntegerReader.Malformed() }
    self.init(grid: grid, layers: layers, extinctionAV: extinction == -1 ? nil : extinction, faintEnd: end)
  }
}
