import CatalogStore
import Indexing
import MatchRun

/// Goes through the blends of a match, chunk by chunk.
final class BlendsCursor: VirtualCursor {
  private let region: PixelRangeSet
  private let context: XMDBContext
  private var reader: BlendReader
  private var chunks: ArraySlice<MatchChunk>
  private var rows: [BlendRow] = []
  private var position = 0

  /// - Parameter region: Only matches with a source there are wanted.
  init(_ blends: MatchBlends, region: PixelRangeSet, _ context: XMDBContext) throws {
    self.region = region
    self.context = context
    reader = BlendReader(blends, cancellation: context.cancellation, stop: context.stopCheck)
    chunks =
      blends.isEmpty
      ? []
      : blends.plan.chunks(sourcesPerChunk: context.sourcesPerChunk).filter { region.intersects($0.pixel.range29) }[...]
    super.init()
    try advance()
  }

  override var isAtEnd: Bool { rows.isEmpty }

  override func next() throws {
    position += 1
    if position == rows.count { try advance() }
  }

  private func advance() throws {
    position = 0
    rows = []
    while true {
      if let found = try reader.next() {
        rows = found
        return
      }
      guard let chunk = chunks.popFirst() else { return }
      try context.checkInterrupt()
      context.counters.chunksMatched += 1
      try reader.read(chunk, region: region)
    }
  }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    if let column = BlendColumn(rawValue: index) { result.set(column.value(rows[position])) }
  }
}
