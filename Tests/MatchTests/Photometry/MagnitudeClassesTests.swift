import Indexing
import Match
import Testing

@Suite struct MagnitudeClassesTests {
  private func histogram(_ magnitudes: [Double]) -> MagnitudeHistogram {
    var histogram = MagnitudeHistogram()
    for magnitude in magnitudes { histogram.add(magnitude) }
    return histogram
  }

  private func spread(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
    (0..<count).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
  }

  @Test func `classes hold more than the minimum and leave no magnitude out`() {
    let magnitudes = spread(1000, 10, 12) + spread(40, 12, 15)
    let classes = MagnitudeClasses(histograms: [histogram(magnitudes)], minimum: 50)
    var counts = [Int](repeating: 0, count: classes.count)
    for magnitude in magnitudes { counts[Int(classes.classIndex(band: 0, magnitude: magnitude))] += 1 }
    #expect(counts.allSatisfy { $0 > 50 })
    #expect(classes.classes.first?.brightest == 10 && (classes.classes.last?.faintest ?? 0) >= 15)
    for (one, next) in zip(classes.classes, classes.classes.dropFirst()) { #expect(one.faintest == next.brightest) }
  }

  @Test func `edges belong to the fainter class, also at negative magnitudes`() {
    let classes = MagnitudeClasses(histograms: [histogram([-0.25, -0.15, -0.05, 0.05])], minimum: 0)
    #expect(classes.count == 4)
    #expect(classes.classIndex(band: 0, magnitude: -0.1) == 2)
    #expect(classes.classIndex(band: 0, magnitude: -0.11) == 1)
    #expect(classes.classIndex(band: 0, magnitude: 7) == MagnitudeClasses.none)
    #expect(classes.classIndex(band: 0, magnitude: .nan) == MagnitudeClasses.none)
    #expect(classes.classIndex(band: 0, magnitude: .infinity) == MagnitudeClasses.none)
  }

  @Test func `a source takes its own best band, else the most frequent it is seen in`() {
    let (rare, frequent) = ([Double.nan, 11, .nan, 11], [14.0, 14, .nan, 14])
    let classes = MagnitudeClasses(histograms: [histogram(rare), histogram(frequent)], minimum: 0)
    #expect(classes.bandOrder == [1, 0])
    let chosen = classes.classes(magnitudes: [rare, frequent], bestBand: [0, .nan, 1, 0], count: 4)
    #expect(chosen == [1, 1, MagnitudeClasses.none, 0])
  }

  @Test func `a band that no source needs has no classes`() {
    let (all, most) = (spread(1000, 10, 15), spread(900, 10, 15))
    let histograms = [histogram(most), histogram(all)]
    let needed = MagnitudeClasses(histograms: histograms, minimum: 20, sources: 1000)
    #expect(needed.classes.allSatisfy { $0.band == 1 })
    // A hundred sources lack the first band: so many, and no more, are divided into classes of the second.
    let divided = MagnitudeClasses(histograms: histograms, minimum: 20, sources: 1100)
    #expect((1...5).contains(divided.classes.count { $0.band == 0 }))
    #expect(divided.classes(magnitudes: [[12], [.nan]], bestBand: nil, count: 1)[0] >= 0)
    #expect(MagnitudeClasses(histograms: histograms, minimum: 20).classes.count { $0.band == 0 } > 20)
  }
}
