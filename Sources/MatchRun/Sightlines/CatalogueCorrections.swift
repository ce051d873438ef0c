public import CatalogStore
public import Indexing
public import Match

/// The corrections of one catalogue's errors, as a run has found them: what a match applies.
///
/// m and n are those in the middle of small pixels, an eighth of a sightline across, of the smooth map through all sightlines. They stay within what the
/// map has on the sightlines themselves, so that no error grows beyond what the plan knows.
public final class CatalogueCorrections: Sendable {
  /// The run that found them: catalogue a is corrected by b.
  public let run: RunInfo
  /// What was found, along the curve.
  public let sightlines: [(pixel: HealpixPixel, correction: SightlineCorrection)]
  /// m and n everywhere.
  public let map: CorrectionMap
  /// Of all that was found.
  let digest: Fingerprint
  private let order: Int
  private let factors: ClosedRange<Double>
  private let floors: ClosedRange<Double>
  private let known = Guarded(RecentValues<Int64, ErrorCorrection>(capacity: mostHeld))

  /// The name of the product.
  static let product = "corrections"
  /// Pixels whose m and n are kept.
  private static let mostHeld = 4096
  /// Pixels in which m and n are the same are so many orders finer than sightlines.
  private static let finer = 3

  /// - Throws: `StoreError.damaged` for payloads that are none.
  init(_ run: RunInfo, _ products: [RunProduct]) throws {
    self.run = run
    var hasher = Fingerprint.Hasher()
    do {
      sightlines = try products.map { product in
        hasher.update("\(product.pixel)")
        hasher.update(product.payload)
        return (product.pixel, try SightlineCorrection(payload: product.payload))
      }
      map = try CorrectionMap(sightlines.map(\.correction.record))
    } catch {
      throw StoreError(
        .damaged, "run \(run.id)",
        "holds corrections that cannot be read (\(error)); run `xmdb correct \(run.catalogueA) --against "
          + "\(run.catalogueB) --redo`")
    }
    digest = hasher.finish()
    let finest = sightlines.map(\.pixel.order).max() ?? 0
    let map = map
    order = map.isConstant ? 0 : min(finest + Self.finer, HealpixPixel.maximumOrder)
    let centres = sightlines.map { map.correction(at: $0.pixel.center) }
    factors = (centres.map(\.factor).min() ?? 1)...(centres.map(\.factor).max() ?? 1)
    floors = (centres.map(\.floorArcsec).min() ?? 0)...(centres.map(\.floorArcsec).max() ?? 0)
  }

  /// The corrections of a catalogue as it is now; nil if there are none.
  public convenience init?(of catalogue: String, in registry: Registry) throws {
    guard let run = try registry.corrections(of: catalogue) else { return nil }
    try self.init(run, registry.products(of: run.id, named: Self.product))
  }

  /// Those that an earlier match has used.
  /// - Throws: `StoreError.usage` when they are gone.
  convenience init(of catalogue: String, run number: Int64, in registry: Registry) throws {
    guard let run = try registry.corrections(of: catalogue), run.id == number else {
      throw StoreError(
        .usage, catalogue,
        "has no longer the corrections of run \(number), which this match has used; match again")
    }
    try self.init(run, registry.products(of: run.id, named: Self.product))
  }

  /// m and n in the pixel of an order-29 index.
  func correction(at healpix29: Int64) -> (correction: ErrorCorrection, end: Int64) {
    let pixel = HealpixPixel(healpix29: healpix29, order: order)
    let correction = known.withLock { known in
      if let found = known[pixel.index] { return found }
      let found = bounded(map.correction(at: pixel.center))
      known[pixel.index] = found
      return found
    }
    return (correction, pixel.range29.upperBound)
  }

  private func bounded(_ value: ErrorCorrection) -> ErrorCorrection {
    ErrorCorrection(
      checked: value.relation, factor: min(max(value.factor, factors.lowerBound), factors.upperBound),
      floorArcsec: min(max(value.floorArcsec, floors.lowerBound), floors.upperBound)) ?? .none
  }

  /// Errors as they are, of those that are quoted.
  /// - Parameters:
  ///   - covariances: Those that are quoted; they are replaced.
  ///   - healpix29: Where the sources are, along the curve.
  func correct(_ covariances: inout [PositionCovariance], at healpix29: [Int64]) {
    var (correction, end) = (ErrorCorrection.none, Int64.min)
    for row in covariances.indices {
      if healpix29[row] >= end { (correction, end) = self.correction(at: healpix29[row]) }
      covariances[row] = correction.covariance(quoted: covariances[row])
    }
  }

  /// No corrected error of a source is larger than this, arcsec.
  /// - Parameter quoted: The largest axis of an error that is quoted.
  func largestSigmaArcsec(quoted: Double) -> Double {
    let most =
      ErrorCorrection(checked: map.relation, factor: factors.upperBound, floorArcsec: floors.upperBound) ?? .none
    return most.sigmaArcsec(quoted: quoted)
  }

  /// What a user is told.
  func note(_ name: String) -> String {
    func range(_ values: ClosedRange<Double>, _ digits: Double) -> String {
      let (low, high) = (
        (values.lowerBound * digits).rounded() / digits, (values.upperBound * digits).rounded() / digits
      )
      return low == high ? "\(low)" : "\(low) to \(high)"
    }
    let form = map.relation == .quadratic ? "sqrt((m sigma)^2 + n^2)" : "m sigma + n"
    return
      "errors of \(name) are taken as \(form) with m \(range(factors, 1000)) and n \(range(floors, 10_000)) arcsec, as "
      + "run \(run.id) has found them against \(run.catalogueB); --no-corrections takes them as quoted"
  }
}
