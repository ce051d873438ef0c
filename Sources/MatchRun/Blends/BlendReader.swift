public import CatalogStore
public import Indexing
internal import Match

/// Reads the blends of a match, chunk by chunk along the curve, one matched source after another.
public struct BlendReader {
  private let blends: MatchBlends
  private var matcher: ChunkMatcher
  private var stop: StopCheck
  private var shares: [BlendShares?]?
  private var chunk: Chunk?

  /// A chunk whose islands are solved.
  private struct Chunk {
    let rows: ChunkResult
    let field: IslandField
    /// Cases with the places of their settings, in the order of their rows.
    var cases: ArraySlice<(setting: Int, blend: BlendCase)>
  }

  /// - Parameter stop: Asked soon and again while it works.
  public init(_ blends: MatchBlends, cancellation: Cancellation, stop: StopCheck) {
    self.blends = blends
    self.stop = stop
    matcher = ChunkMatcher(plan: blends.plan, models: blends.models, cancellation: cancellation, stop: stop)
  }

  /// Solves the islands of a chunk; `next` then gives the blends of its matches.
  ///
  /// A match with a source in `region` belongs to the chunk that holds that source: of two, that of a.
  public mutating func read(_ chunk: MatchChunk, region: PixelRangeSet) throws {
    self.chunk = nil
    let core = region.intersection(PixelRangeSet(pixels: [chunk.pixel]))
    if core.isEmpty { return }
    let sky = BlendSky(core, order: chunk.pixel.order, blends.plan).solved
    let (rows, field) = try matcher.solved(sky, order: chunk.pixel.order, region: sky)
    let (skyA, skyB) = (field.a.columns.healpix29, field.b.columns.healpix29)
    let chosen = rows.matches.indices.filter { row in
      let (a, b) = (skyA[Int(rows.matches[row].a)], skyB[Int(rows.matches[row].b)])
      return core.contains(region.contains(a) ? a : b)
    }.sorted { rows.matches[$0].a < rows.matches[$1].a }
    var cases: [(setting: Int, blend: BlendCase)] = []
    for (place, setting) in blends.settings.enumerated() {
      guard let finder = BlendCases(rows, field, blurredIsA: setting.blurredIsA) else { continue }
      for var one in try finder.cases(of: chosen, stop: &stop) {
        setting.leaveOutUnlikely(&one)
        if !one.neighbours.isEmpty { cases.append((place, one)) }
      }
    }
    let order = cases.sorted {
      (rows.matches[$0.blend.match].a, $0.setting) < (rows.matches[$1.blend.match].a, $1.setting)
    }
    self.chunk = Chunk(rows: rows, field: field, cases: order[...])
  }

  /// The rows of the next matched source of the chunk that has others inside, the nearest first; nil after the last.
  public mutating func next() throws -> [BlendRow]? {
    guard let (place, one) = chunk?.cases.popFirst(), let chunk else { return nil }
    try stop.after(steps: 1000 * (1 + one.neighbours.count))
    if shares == nil { shares = try blends.shares(&matcher, stop: &stop) }
    let (blend, unseen) = try shares?[place]?.blend(one, chunk.field) ?? (nil, .nan)
    let (match, setting) = (chunk.rows.matches[one.match], blends.settings[place])
    let (a, b) = (chunk.field.a.columns, chunk.field.b.columns)
    let sharp = setting.blurredIsA ? b : a
    return one.neighbours.enumerated().map { index, neighbour in
      let member = blend?.members[index]
      return BlendRow(
        blurredIsA: setting.blurredIsA, a: a.source(Int(match.a)), b: b.source(Int(match.b)), pairP: match.pairP,
        flags: match.flags, other: sharp.source(neighbour.source), separationArcsec: neighbour.separationArcsec,
        elsewhereP: neighbour.matchedElsewhere, insideP: member?.inside ?? setting.presence(neighbour),
        fluxShare: member?.share ?? .nan, fluxShareError: member?.shareError ?? .nan,
        foreignShare: blend?.foreignShare ?? .nan, foreignShareError: blend?.foreignShareError ?? .nan,
        unseenShare: unseen, isConsistent: blend?.isConsistent)
    }
  }
}

extension SourceColumns {
  fileprivate func source(_ row: Int) -> BlendRow.Source {
    BlendRow.Source(id: ids.id(at: row), rowid: rowid[row], raDegrees: raDegrees[row], decDegrees: decDegrees[row])
  }
}
