internal import Indexing
internal import Match

/// Objects of a sample of the sky from which a band law is learnt: sources of the blurred catalogue with the brightest of their candidates, where that has no nearer
/// candidate and is the brightest source of the sharp catalogue within the PSF.
struct BandLawSample {
  /// An object, and the others beside it.
  private struct Object {
    let magnitude: Double
    let blurred: Double
    let others: [Other]
  }

  private struct Other {
    let eastArcsec: Double
    let northArcsec: Double
    let magnitude: Double
  }

  private let setting: SeenNeighbours.Setting
  private let limit: Double
  private var objects: [Object] = []

  /// More objects tell little more.
  private static let mostObjects = 4000
  /// How often the law is learnt anew without the light of others that the law before gives.
  private static let rounds = 4
  /// Nothing is assumed about the magnitude of an object itself, mag.
  private static let unknownWidth = 3.0

  /// - Parameter limit: Up to where the blurred catalogue is complete, mag.
  /// - Throws: What `stop` throws.
  init(_ sample: PlanSample, _ setting: SeenNeighbours.Setting, limit: Double, stop: inout StopCheck) throws {
    (self.setting, self.limit) = (setting, limit)
    let (a, b) = (sample.neighbourhood.a, sample.neighbourhood.b)
    let (sharp, blurred) = setting.blurredIsA ? (b, a) : (a, b)
    let magnitudes = setting.magnitudes(a, b)
    let edges = sample.neighbourhood.edges
    let (ofSharp, ofBlurred) = setting.blurredIsA ? (edges.b, edges.a) : (edges.a, edges.b)
    // By blurred source its brightest candidate, by sharp source its nearest.
    var brightest = [Int32](repeating: -1, count: blurred.count)
    var nearest = [Int32](repeating: -1, count: sharp.count)
    for edge in 0..<edges.count {
      let (own, source) = (Int(ofSharp[edge]), Int(ofBlurred[edge]))
      if nearest[own] < 0 || edges.level[edge] < edges.level[Int(nearest[own])] { nearest[own] = Int32(edge) }
      guard magnitudes.sharp[own].isFinite else { continue }
      if brightest[source] < 0 || magnitudes.sharp[own] < magnitudes.sharp[Int(ofSharp[Int(brightest[source])])] {
        brightest[source] = Int32(edge)
      }
    }
    var chosen = blurred.columns.healpix29.indices.filter { source in
      guard brightest[source] >= 0, magnitudes.blurred[source].isFinite,
        sample.core.contains(blurred.columns.healpix29[source])
      else { return false }
      return nearest[Int(ofSharp[Int(brightest[source])])] == brightest[source]
    }
    chosen = Self.thinned(chosen, blurred.columns.healpix29)
    let owns = chosen.map { Int(ofSharp[Int(brightest[$0])]) }
    let circles = try SharpNeighbours(
      of: owns, sharp.states, magnitudes.sharp, radiusArcsec: setting.pointSpread.circleArcsec, stop: &stop)
    for (place, source) in chosen.enumerated() {
      let others = circles[place].map {
        Other(eastArcsec: $0.eastArcsec, northArcsec: $0.northArcsec, magnitude: magnitudes.sharp[$0.source])
      }
      let own = magnitudes.sharp[owns[place]]
      if others.allSatisfy({ $0.magnitude >= own }) {
        objects.append(Object(magnitude: own, blurred: magnitudes.blurred[source], others: others))
      }
    }
  }

  /// A half, a quarter, … of the sources, scattered by their places: one more does not choose others.
  private static func thinned(_ sources: [Int], _ places: [Int64]) -> [Int] {
    var (kept, bits) = (sources, 0)
    while kept.count > mostObjects && bits < 32 {
      bits += 1
      kept = kept.filter { (UInt64(bitPattern: places[$0]) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits) == 0 }
    }
    return kept
  }

  /// Learns the law, first from sources as they are, then without the light of others.
  /// - Returns: Nil where too few objects tell.
  func law(stop: inout StopCheck) throws -> BandLaw? {
    var law = BandLaw(objects.map { BandLaw.Example(magnitude: $0.magnitude, blurred: $0.blurred) }, limit: limit)
    var hypotheses = BlendHypotheses(setting.pointSpread)
    for _ in 0..<Self.rounds {
      guard let known = law else { return nil }
      let examples = try objects.map { object in
        try stop.after(steps: 100 * (1 + object.others.count))
        return BandLaw.Example(magnitude: object.magnitude, blurred: Self.magnitude(object, known, &hypotheses))
      }
      law = BandLaw(examples, limit: limit)
    }
    return law
  }

  /// The magnitude of an object without the light of others.
  private static func magnitude(_ object: Object, _ law: BandLaw, _ hypotheses: inout BlendHypotheses) -> Double {
    guard !object.others.isEmpty, let own = law.magnitude(of: object.magnitude) else { return object.blurred }
    let others = object.others.compactMap { other in
      law.magnitude(of: other.magnitude).map {
        BlendHypotheses.Neighbour(eastArcsec: other.eastArcsec, northArcsec: other.northArcsec, expected: $0)
      }
    }
    let free = BlendMagnitude(mean: own.mean, sigma: unknownWidth)
    return hypotheses.look(magnitude: object.blurred, own: free, others) ? hypotheses.meanMagnitude : object.blurred
  }
}
