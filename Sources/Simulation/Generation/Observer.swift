import Glibc
import Indexing

/// One of the two catalogues at work: which objects it finds, and what it measures of them.
struct Observer {
  /// Which catalogue it is.
  enum Side: UInt64 {
    case a = 1
    case b = 2
  }

  private let side: Side
  private let model: CatalogueModel
  private let bandScatter: Double
  private let yearsFromObjects: Double
  private let ids: IDPermutation
  private let key: RandomKey
  /// What it has measured since the rows were last removed.
  var rows: CatalogueRows
  /// Which objects of the last cell it has found.
  private(set) var found: [Bool] = []

  init(_ side: Side, of sky: SkyModel, key: RandomKey) {
    self.side = side
    self.key = key.with(side.rawValue)
    model = side == .a ? sky.a : sky.b
    bandScatter = sky.magnitudes.bandScatter
    yearsFromObjects = model.epochYears - sky.a.epochYears
    ids = IDPermutation(self.key)
    rows = CatalogueRows(bands: model.bands.count)
  }

  /// Observes the objects of a cell, in an order of its own.
  mutating func observe(_ objects: [SkyObject], cell: HealpixPixel) {
    var order = Array(objects.indices)
    var stream = RandomStream(key.with(UInt64(cell.order)).with(UInt64(cell.index)), .shuffle)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(stream.below(UInt64(last + 1))))
    }
    found = Array(repeating: false, count: objects.count)
    for index in order { found[index] = observe(objects[index]) }
  }

  /// Adds a row for an object, unless it is missed.
  private mutating func observe(_ object: SkyObject) -> Bool {
    guard let magnitude = side == .a ? object.magnitudeA : object.magnitudeB else { return false }
    let key = object.key.with(side.rawValue)
    guard isDetected(magnitude, key) else { return false }
    let (place, motion) = object.moved(byYears: yearsFromObjects)
    guard model.covers(raDegrees: place.raDegrees, decDegrees: place.decDegrees) else { return false }
    rows.ids.append(ids.id(of: object.number))
    rows.truth.append(object.number)
    measurePosition(place.raDegrees, place.decDegrees, magnitude, key)
    measureMagnitudes(magnitude, key)
    if let error = model.motionErrorMasPerYear { measureMotion(motion, error, key) }
    return true
  }

  private func isDetected(_ magnitude: Double, _ key: RandomKey) -> Bool {
    if model.limit == nil { return true }
    var stream = RandomStream(key, .detection)
    return stream.uniform() < model.completeness(magnitude)
  }

  private mutating func measurePosition(_ ra: Double, _ dec: Double, _ magnitude: Double, _ key: RandomKey) {
    var stream = RandomStream(key, .position)
    let (u, v) = stream.normals()
    let sigma = model.position.sigma(magnitude, model.position.scatter == 0 ? 0 : stream.normal())
    let error = quotedError(sigma, &stream)
    // The rounded numbers of the catalogue are the truth about its errors.
    let (x, y, rho) = (Double(error.ra), Double(error.dec), Double(error.correlation))
    let offset = TangentOffset(
      eastArcsec: model.position.underestimate * x * u,
      northArcsec: model.position.underestimate * y * (rho * u + (1 - rho * rho).squareRoot() * v))
    let measured = offset.applied(toRADegrees: ra, decDegrees: dec)
    rows.raDegrees.append(measured.raDegrees)
    rows.decDegrees.append(measured.decDegrees)
    rows.sigmaRA.append(error.ra)
    if model.position.largestAxisRatio > 1 {
      rows.sigmaDec.append(error.dec)
      rows.correlation.append(error.correlation)
    }
  }

  /// A circle, or an ellipse of any direction with the same area and an axis ratio uniform up to the largest.
  private func quotedError(
    _ sigma: Double, _ stream: inout RandomStream
  ) -> (ra: Float, dec: Float, correlation: Float) {
    if model.position.largestAxisRatio == 1 { return (Float(sigma), Float(sigma), 0) }
    let ratio = 1 + (model.position.largestAxisRatio - 1) * stream.uniform()
    let (major, minor) = (sigma * sigma * ratio, sigma * sigma / ratio)
    let angle = .pi * stream.uniform()
    let (sine2, cosine2) = (sin(angle) * sin(angle), cos(angle) * cos(angle))
    let (xx, yy) = (major * sine2 + minor * cosine2, major * cosine2 + minor * sine2)
    let xy = (major - minor) * sin(angle) * cos(angle)
    return (Float(xx.squareRoot()), Float(yy.squareRoot()), Float(xy / (xx * yy).squareRoot()))
  }

  private mutating func measureMagnitudes(_ first: Double, _ key: RandomKey) {
    var stream = RandomStream(key, .photometry)
    var gaps = RandomStream(key, .missing)
    for (band, settings) in model.bands.enumerated() {
      let (u, v) = stream.normals()
      let magnitude = band == 0 ? first : first + settings.offset + bandScatter * u
      let isMissing = model.missing > 0 && gaps.uniform() < model.missing
      let error = Float(model.photometry.sigma(magnitude))
      rows.magnitudes[band].append(isMissing ? .nan : Float(magnitude + Double(error) * v))
      rows.magnitudeErrors[band].append(isMissing ? .nan : error)
    }
  }

  private mutating func measureMotion(_ motion: ProperMotion, _ error: Double, _ key: RandomKey) {
    var stream = RandomStream(key, .motion)
    let (east, north) = stream.normals()
    rows.motionRA.append(motion.raMasPerYear + error * east)
    rows.motionDec.append(motion.decMasPerYear + error * north)
  }
}
