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
  /// The ranges of a covariate by which errors were looked at; nil: none.
  public let covariate: CovariateRanges?
  /// m and n everywhere of each range; nil where no sightline tells them: then those of all hold.
  public let rangeMaps: [CorrectionMap?]
  /// Of all that was found.
  let digest: Fingerprint
  private let order: Int
  /// Of all sources, and of each range.
  private let bounds: [CorrectionBounds]
  private let known = Guarded(RecentValues<Int64, [ErrorCorrection]>(capacity: mostHeld))

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
      covariate = sightlines.first?.correction.covariate
      rangeMaps = try Self.rangeMaps(sightlines.map(\.correction), covariate)
    } catch {
      throw StoreError(
        .damaged, "run \(run.id)",
        "holds corrections that cannot be read (\(error)); run `xmdb correct \(run.catalogueA) --against "
          + "\(run.catalogueB) --redo`")
    }
    digest = hasher.finish()
    let finest = sightlines.map(\.pixel.order).max() ?? 0
    let maps = [map] + rangeMaps.map { [map] in $0 ?? map }
    order = maps.allSatisfy(\.isConstant) ? 0 : min(finest + Self.finer, HealpixPixel.maximumOrder)
    bounds = maps.map { [sightlines] map in CorrectionBounds(sightlines.map { map.correction(at: $0.pixel.center) }) }
  }

  /// - Throws: `IntegerReader.Malformed` for sightlines of different ranges.
  private static func rangeMaps(
    _ corrections: [SightlineCorrection], _ covariate: CovariateRanges?
  ) throws -> [CorrectionMap?] {
    guard corrections.allSatisfy({ $0.covariate == covariate }) else { throw IntegerReader.Malformed() }
    return try (0..<(covariate?.count ?? 0)).map { place in
      let records = corrections.map { $0.ranges[place].record }
      return records.contains(where: \.isMeasured) ? try CorrectionMap(records) : nil
    }
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
    let (all, end) = corrections(at: healpix29)
    return (all[0], end)
  }

  /// Those of all sources, then those of each range of the covariate.
  private func corrections(at healpix29: Int64) -> (all: [ErrorCorrection], end: Int64) {
    let pixel = HealpixPixel(healpix29: healpix29, order: order)
    let found = known.withLock { known in
      if let found = known[pixel.index] { return found }
      let maps = [map] + rangeMaps.map { $0 ?? map }
      let found = zip(maps, bounds).map { $1.bounded($0.correction(at: pixel.center)) }
      known[pixel.index] = found
      return found
    }
    return (found, pixel.range29.upperBound)
  }

  /// Errors as they are, of those that are quoted.
  /// - Parameters:
  ///   - covariances: Those that are quoted; they are replaced.
  ///   - sources: Along the curve.
  /// - Throws: `StoreError.damaged` when the covariate of a source cannot be read.
  func correct(
    _ covariances: inout [PositionCovariance], of sources: SourceColumns, _ info: CatalogueInfo,
    in database: SkyDatabase
  ) throws {
    let places = try covariate.map { try CovariateReader($0, of: info, in: database).places(of: sources.rowid) }
    var (corrections, end) = ([ErrorCorrection.none], Int64.min)
    for row in covariances.indices {
      if sources.healpix29[row] >= end { (corrections, end) = self.corrections(at: sources.healpix29[row]) }
      covariances[row] = corrections[places?[row].map { $0 + 1 } ?? 0].covariance(quoted: covariances[row])
    }
  }

  /// No corrected error of a source is larger than this, arcsec.
  /// - Parameter quoted: The largest axis of an error that is quoted.
  func largestSigmaArcsec(quoted: Double) -> Double {
    bounds.reduce(0) { max($0, $1.largest(map.relation).sigmaArcsec(quoted: quoted)) }
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
    let (factors, floors) = (bounds[0].factors, bounds[0].floors)
    let by = covariate.map { " and, by \($0.column), \($0.count) others" } ?? ""
    return
      "errors of \(name) are taken as \(form) with m \(range(factors, 1000)) and n \(range(floors, 10_000)) arcsec\(by), as "
      + "run \(run.id) has found them against \(run.catalogueB); --no-corrections takes them as quoted"
  }
}
