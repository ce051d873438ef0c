import Glibc
import Indexing

/// One of the two catalogues of a crowded sky at work: it collects what is hidden in its sources, and measures a source once
/// everything around it is known.
struct BlendCatalogue {
  private let side: CrowdedSide
  private let model: CrowdedCatalogueModel
  private let key: RandomKey
  private let ids: IDPermutation
  let found: BlendPeaks
  /// What is hidden in each source so far.
  private var members: [[BlendMember]]
  private let lastCells: [Int64]
  /// Sources by their last cell.
  private let byLastCell: [Int32]
  private var finished = 0
  /// Objects hidden in sources so far.
  private(set) var hidden: Int64 = 0
  /// What has been measured since the rows were last removed.
  var rows = CatalogueRows(bands: 1)

  init(_ side: CrowdedSide, of sky: CrowdedSkyModel, key: RandomKey, objects: [CrowdedObject], cells: CrowdedCells) {
    self.side = side
    self.key = key.with(side.rawValue)
    model = side == .a ? sky.a : sky.b
    ids = IDPermutation(self.key)
    found = BlendPeaks(objects, side: side, model: model)
    members = Array(repeating: [], count: found.peaks.count)
    let lastCells = found.peaks.map { cells.lastCell(near: $0.healpix29) }
    self.lastCells = lastCells
    byLastCell = lastCells.indices.sorted { (lastCells[$0], $0) < (lastCells[$1], $1) }
      .map { Int32(truncatingIfNeeded: $0) }
  }

  /// The sources around a cell.
  func hosts(around cell: HealpixPixel) -> BlendHosts {
    let pixels = (cell.neighbours + [cell]).sorted()
    let near = pixels.flatMap { Array(peaks(in: $0.range29)) }
    return BlendHosts(near, of: found, around: cell, radiusArcsec: model.blendRadiusArcsec)
  }

  private func peaks(in range: Range<Int64>) -> Range<Int> { place(range.lowerBound)..<place(range.upperBound) }

  /// How many sources come before a place on the curve.
  private func place(_ healpix29: Int64) -> Int {
    var (low, high) = (0, found.peaks.count)
    while low < high {
      let middle = (low + high) / 2
      if found.peaks[middle].healpix29 < healpix29 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Hides an object in the sources that it belongs to, if any.
  mutating func hide(_ object: CrowdedObject, _ vector: SIMD3<Double>, among hosts: BlendHosts) {
    let isHidden = hosts.forEachHost(
      of: vector, magnitude: object.magnitude(side), nearestOnly: model.overlap == .nearest
    ) { peak, member in members[peak].append(member) }
    if isHidden { hidden += 1 }
  }

  /// Measures the sources of which everything is known after a cell, in an order of its own.
  mutating func finish(after cell: HealpixPixel, objects: [CrowdedObject], region: SimulatedRegion) {
    let start = finished
    while finished < byLastCell.count && lastCells[Int(byLastCell[finished])] <= cell.index { finished += 1 }
    var order = byLastCell[start..<finished].map { Int($0) }
    var stream = RandomStream(key.with(UInt64(cell.index)), .shuffle)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(stream.below(UInt64(last + 1))))
    }
    for peak in order {
      measure(peak, objects, region)
      members[peak] = []
    }
  }

  private mutating func measure(_ index: Int, _ objects: [CrowdedObject], _ region: SimulatedRegion) {
    let peak = found.peaks[index]
    let place = Healpix29.position(of: peak.healpix29)
    guard region.contains(raDegrees: place.raDegrees, decDegrees: place.decDegrees) else { return }
    let number = Int64(peak.object) + 1
    rows.ids.append(ids.id(of: number))
    rows.truth.append(number)
    let fit = fit(members[index])
    let magnitude = peak.magnitude - 2.5 * log10(fit.flux)
    let key = objects[peak.object].key.with(side.rawValue)
    measurePosition(place, fit, magnitude, key)
    measureMagnitude(magnitude, key)
    note(peak, place, members[index], fit)
  }

  private func fit(_ members: [BlendMember]) -> BlendFit {
    switch model.centroid {
    case .psf: BlendFit(psfOf: members, sigmaPSFArcsec: model.sigmaPSFArcsec)
    case .flux: BlendFit(lightOf: members)
    }
  }

  private mutating func measurePosition(_ place: SkyPosition, _ fit: BlendFit, _ magnitude: Double, _ key: RandomKey) {
    var stream = RandomStream(key, .position)
    let (u, v) = stream.normals()
    // The rounded error of the catalogue is the truth about its noise.
    let sigma = Float(model.sigma(magnitude, model.sigmaScatter == 0 ? 0 : stream.normal()))
    let noise = model.underestimate * Double(sigma)
    let offset = TangentOffset(
      eastArcsec: fit.eastArcsec + noise * u, northArcsec: fit.northArcsec + noise * v)
    let measured = offset.applied(toRADegrees: place.raDegrees, decDegrees: place.decDegrees)
    rows.raDegrees.append(measured.raDegrees)
    rows.decDegrees.append(measured.decDegrees)
    rows.sigmaRA.append(sigma)
  }

  private mutating func measureMagnitude(_ magnitude: Double, _ key: RandomKey) {
    var stream = RandomStream(key, .photometry)
    let error = Float(model.photometry.sigma(magnitude))
    rows.magnitudes[0].append(Float(magnitude + Double(error) * stream.normal()))
    rows.magnitudeErrors[0].append(error)
  }

  private mutating func note(_ peak: BlendPeaks.Peak, _ place: SkyPosition, _ members: [BlendMember], _ fit: BlendFit) {
    rows.blends.raDegrees.append(place.raDegrees)
    rows.blends.decDegrees.append(place.decDegrees)
    rows.blends.magnitude.append(Float(peak.magnitude))
    rows.blends.hidden.append(Int64(members.count))
    rows.blends.brightest.append(Float(members.reduce(0) { max($0, $1.flux) }))
    rows.blends.total.append(Float(members.reduce(0) { $0 + $1.flux }))
    rows.blends.pullArcsec.append(
      Float((fit.eastArcsec * fit.eastArcsec + fit.northArcsec * fit.northArcsec).squareRoot()))
  }
}
