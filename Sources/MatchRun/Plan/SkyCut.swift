internal import Indexing

/// Divides the sky into chunks.
///
/// A pixel is divided while it holds more than `sources`, or needs more than `memory`. One that holds more is kept whole
/// where its parts would spend too much of their time on their halos: where candidates reach far, larger chunks cost less.
/// No pixel is so small that a candidate pair could reach across it.
struct SkyCut {
  let loads: SkyLoads
  let costs: CostModel
  /// Sources of both catalogues that a chunk holds at most.
  let sources: Double
  /// Those that it may hold for the sake of a smaller halo.
  let grownSources: Double
  /// The memory of a worker, bytes.
  let memory: Double
  /// Chunks are of this order at most.
  let finest: Int

  /// The largest share of its time that a chunk may spend on its halo, if it can be helped.
  private static let largestHaloShare = 0.2

  /// Sources of both catalogues that a chunk holds at most where islands hang together over many: a small chunk would read most of
  /// a large one to see its islands whole.
  private static let entangledSources = 400_000.0

  /// The chunks along the curve; together they hold all sources.
  func chunks() -> [MatchChunk] { chunks {} }

  /// The same, to be stopped.
  /// - Parameter check: Called for every pixel; throws to stop.
  func chunks(check: () throws -> Void) rethrows -> [MatchChunk] {
    var pixels: [HealpixPixel] = []
    for base in HealpixPixel.basePixels { try divide(base, into: &pixels, check) }
    return pixels.enumerated().map { MatchChunk(position: $0, pixel: $1) }
  }

  private func divide(_ pixel: HealpixPixel, into pixels: inout [HealpixPixel], _ check: () throws -> Void) rethrows {
    try check()
    if !loads.isOccupied(pixel) { return }
    if pixel.order >= finest || isSmallEnough(pixel) {
      pixels.append(pixel)
    } else {
      for child in pixel.children { try divide(child, into: &pixels, check) }
    }
  }

  private func isSmallEnough(_ pixel: HealpixPixel) -> Bool {
    let count = loads.count(in: pixel)
    let isEntangled = grownSources > 0 && count <= Self.entangledSources && loads.isEntangled(pixel)
    if count > max(sources, grownSources) && !isEntangled { return false }
    if isTooLarge(loads.load(of: pixel)) { return false }
    return isEntangled || count <= sources || haloShare(of: pixel.children) > Self.largestHaloShare
  }

  /// Whether a chunk needs more than the memory, and its parts would need less.
  private func isTooLarge(_ load: ChunkLoad) -> Bool {
    memory < .infinity && costs.memoryBytes(load) > memory && costs.leastMemoryBytes(load) <= memory
  }

  /// The share of their time that chunks would spend on their halos.
  private func haloShare(of chunks: [HealpixPixel]) -> Double {
    var (all, core) = (0.0, 0.0)
    for chunk in chunks where loads.isOccupied(chunk) {
      var load = loads.load(of: chunk)
      all += costs.countingSeconds(load) + costs.matchingSeconds(load)
      (load.haloA, load.haloB, load.ring) = (0, 0, 0)
      core += costs.countingSeconds(load) + costs.matchingSeconds(load)
    }
    return 1 - core / all
  }
}
