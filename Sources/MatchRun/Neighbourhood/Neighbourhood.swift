internal import CatalogStore
internal import Indexing
internal import Match

/// A piece of sky: the sources of both catalogues in it, placed at the epoch of the match, and their candidate pairs.
struct Neighbourhood {
  let a: PlacedSources
  let b: PlacedSources
  let edges: CandidateEdges
}

/// Sources of both catalogues as their shards hold them.
typealias SourcePair = (a: SourceColumns, b: SourceColumns)

/// Reads neighbourhoods: what densities, pairing, calibration, the plan and SQL know of the sky.
struct NeighbourhoodReader {
  private let inputs: MatchInputs
  private let readerA: CatalogueReader
  private let readerB: CatalogueReader

  init(_ inputs: MatchInputs) {
    self.inputs = inputs
    readerA = inputs.a.reader(inputs.database)
    readerB = inputs.b.reader(inputs.database)
  }

  /// The sources in a part of the sky.
  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  func sources(in sky: PixelRangeSet, stop: inout StopCheck) throws -> SourcePair {
    (try readerA.sources(in: sky, stop: &stop), try readerB.sources(in: sky, stop: &stop))
  }

  /// Those sources at the epoch of the match.
  /// - Throws: `StoreError.damaged` for sources that cannot be.
  func placed(_ sources: SourcePair) throws -> (a: PlacedSources, b: PlacedSources) {
    (try PlacedSources(sources.a, inputs, isA: true), try PlacedSources(sources.b, inputs, isA: false))
  }

  /// Placed sources with their candidate pairs.
  func neighbourhood(_ a: PlacedSources, _ b: PlacedSources, stop: inout StopCheck) throws -> Neighbourhood {
    let edges = try CandidateEdges(
      a.states, b.states, inputs.likelihood, inputs.limits, stop: &stop)
    return Neighbourhood(a: a, b: b, edges: edges)
  }

  /// A part of the sky.
  /// - Parameter clock: Told when the sources are read, when they are placed, and when the pairs are found.
  func neighbourhood(in sky: PixelRangeSet, clock: inout StageClock, stop: inout StopCheck) throws -> Neighbourhood {
    let sources = try sources(in: sky, stop: &stop)
    clock.end(.read)
    let (a, b) = try placed(sources)
    clock.end(.place)
    defer { clock.end(.search) }
    return try neighbourhood(a, b, stop: &stop)
  }

  /// The sources of one catalogue in a part of the sky, at the epoch of the match.
  func placed(isA: Bool, in sky: PixelRangeSet, stop: inout StopCheck) throws -> PlacedSources {
    try PlacedSources((isA ? readerA : readerB).sources(in: sky, stop: &stop), inputs, isA: isA)
  }

  /// Sources of one catalogue at equal steps of their order along the curve, at the epoch of the match: the same ones however the
  /// catalogue is stored.
  func places(isA: Bool, count: Int) throws -> [SourceState] {
    let rows = (isA ? inputs.a : inputs.b).info.rows
    let wanted = Set((0..<count).map { Int64((Double($0) + 0.5) / Double(count) * Double(rows)) })
    let sources = try sample(isA: isA, blocks: count)
    return (0..<sources.count).filter { wanted.contains(sources.columns.rowid[$0]) }.map { sources.states[$0] }
  }

  /// Some thousand sources of one catalogue from all over it.
  func sample(isA: Bool, blocks: Int) throws -> PlacedSources {
    try PlacedSources((isA ? readerA : readerB).sample(blocks: blocks), inputs, isA: isA)
  }
}
