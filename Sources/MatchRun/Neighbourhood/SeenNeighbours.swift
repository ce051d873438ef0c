internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// How the sources that one catalogue lists inside the PSF of the other tell where those of the other are seen, and how bright.
///
/// The catalogue with the wider PSF is the blurred one.
struct SeenNeighbours: Sendable {
  /// Whether a is the blurred catalogue.
  let blurredIsA: Bool
  /// Its PSF.
  let pointSpread: PointSpread
  /// The magnitudes of objects in its band, by those in the sharp catalogue.
  let law: BandLaw
  /// The magnitude in the band of the blurred catalogue up to which the sharp one lists everything.
  let limit: Double
  /// The places of the bands.
  private let sharpBand: Int
  private let blurredBand: Int
  /// ln of the share of sources of the blurred catalogue mag⁻¹, at steps of magnitude.
  private let logFrequencies: [Double]

  private static let magnitudes = -10.0...40.0
  private static let step = 0.5

  /// - Parameters:
  ///   - sharpLimit: Up to where the sharp catalogue is complete in its own band, mag.
  init(_ setting: Setting, law: BandLaw, _ blurred: CatalogueInfo, sharpLimit: Double?) {
    blurredIsA = setting.blurredIsA
    pointSpread = setting.pointSpread
    (sharpBand, blurredBand) = (setting.sharpBand, setting.blurredBand)
    self.law = law
    limit = sharpLimit.flatMap { law.magnitude(of: $0)?.mean } ?? -.infinity
    logFrequencies = Self.logFrequencies(blurred.magnitudes[setting.blurredBand])
  }

  /// Which catalogue is blurred by which PSF, and in which bands sources are compared.
  struct Setting {
    let blurredIsA: Bool
    let pointSpread: PointSpread
    let sharpBand: Int
    let blurredBand: Int

    /// Nil where no PSF is known, or a catalogue has no magnitudes.
    init?(_ inputs: MatchInputs) {
      let circles = [inputs.a, inputs.b].map { $0.crowding?.pointSpread.circleArcsec ?? 0 }
      blurredIsA = circles[0] > circles[1]
      let (blurred, sharp) = blurredIsA ? (inputs.a, inputs.b) : (inputs.b, inputs.a)
      guard let crowding = blurred.crowding, let bands = BlendBands(sharp.info) else { return nil }
      pointSpread = crowding.pointSpread
      (sharpBand, blurredBand) = (bands.magnitude, crowding.band.place)
    }

    /// The magnitudes of the sharp and of the blurred of two catalogues.
    func magnitudes(_ a: PlacedSources, _ b: PlacedSources) -> (sharp: [Double], blurred: [Double]) {
      let (blurred, sharp) = blurredIsA ? (a, b) : (b, a)
      return (sharp.columns.magnitudes[sharpBand], blurred.columns.magnitudes[blurredBand])
    }
  }

  /// The magnitudes of the sharp and of the blurred of two catalogues.
  func magnitudes(_ a: PlacedSources, _ b: PlacedSources) -> (sharp: [Double], blurred: [Double]) {
    let (blurred, sharp) = blurredIsA ? (a, b) : (b, a)
    return (sharp.columns.magnitudes[sharpBand], blurred.columns.magnitudes[blurredBand])
  }

  /// In a mag around each step, rounded to an eighth.
  private static func logFrequencies(_ histogram: MagnitudeHistogram) -> [Double] {
    let total = max(Double(histogram.total), 1)
    return stride(from: magnitudes.lowerBound, through: magnitudes.upperBound, by: step).map { centre in
      let count = histogram.total(brighterThan: centre + step) - histogram.total(brighterThan: centre - step)
      return (log((count + 0.5) / total / (2 * step)) * 8).rounded() / 8
    }
  }

  /// ln of the share of sources of the blurred catalogue that have a magnitude, mag⁻¹.
  func logFrequency(_ magnitude: Double) -> Double {
    let place =
      (min(max(magnitude, Self.magnitudes.lowerBound), Self.magnitudes.upperBound) - Self.magnitudes.lowerBound)
      / Self.step
    let below = min(Int(place), logFrequencies.count - 2)
    let share = place - Double(below)
    return logFrequencies[below] * (1 - share) + logFrequencies[below + 1] * share
  }

  /// The relative flux above which all neighbours of a blurred source are listed by the sharp catalogue.
  func seenFlux(beside magnitude: Double) -> Double { pow(10, -0.4 * (limit - magnitude)) }

  /// What pairs follow from.
  var text: String { "\(law.text); limit \(limit); ln f \(logFrequencies)" }
}
