internal import CatalogStore

/// The magnitudes of a sharp catalogue from which those in the band of a blurred one are foretold.
///
/// The magnitude is that of the band with the most sources. The colour is the difference of the two next ones, the first of the catalogue's
/// bands less the second; of two bands it is their difference, of one there is none.
struct BlendBands: Sendable {
  /// The place of the band of the magnitude.
  let magnitude: Int
  /// The places of the bands of the colour.
  let colour: (Int, Int)?

  /// Nil for a catalogue without magnitudes.
  init?(_ info: CatalogueInfo) {
    let totals = info.magnitudes.map(\.total)
    let filled = totals.indices.filter { totals[$0] > 0 }.sorted {
      totals[$0] > totals[$1] || (totals[$0] == totals[$1] && $0 < $1)
    }
    guard let first = filled.first else { return nil }
    magnitude = first
    let pair = (filled.count > 2 ? filled[1...2] : filled.prefix(2)).sorted()
    colour = pair.count == 2 ? (pair[0], pair[1]) : nil
  }

  /// The magnitude and the colour of a source; NaN where they are not known.
  /// - Parameter magnitudes: By band.
  func values(_ magnitudes: [[Double]], _ row: Int) -> (magnitude: Double, colour: Double) {
    (magnitudes[magnitude][row], colour.map { magnitudes[$0.0][row] - magnitudes[$0.1][row] } ?? .nan)
  }
}
