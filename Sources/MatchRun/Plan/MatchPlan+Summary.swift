public import Indexing

/// The plan in numbers, for people and programs that want to look before they run.
extension MatchPlan {
  /// A chunk and what it is expected to cost.
  public struct ChunkEstimate: Sendable {
    /// The chunk.
    public let chunk: MatchChunk
    /// Its sources and pairs.
    public let load: ChunkLoad
    /// Seconds of one thread for counting its pairs.
    public let countingSeconds: Double
    /// Seconds of one thread for pairing and writing.
    public let matchingSeconds: Double
    /// The most memory that its worker needs, bytes.
    public let memoryBytes: Int64
    /// The size of its results, bytes.
    public let diskBytes: Int64

    /// Sources of the first catalogue in its pixel, by the coverage map.
    public var sourcesA: Double { load.coreA }
    /// Likewise of the second.
    public var sourcesB: Double { load.coreB }
    /// Sources of the first catalogue that are read around its pixel.
    public var sourcesInHaloA: Double { load.haloA }
    /// Likewise of the second.
    public var sourcesInHaloB: Double { load.haloB }
    /// Candidate pairs.
    public var pairs: Double { load.pairs }
    /// Seconds of one thread for all that is done to it.
    public var seconds: Double { countingSeconds + matchingSeconds }
  }

  /// A region of the sky with priors of its own.
  public struct PriorEstimate: Sendable {
    /// The region.
    public let pixel: HealpixPixel
    /// The area that both catalogues cover in it, deg².
    public let commonAreaDegrees2: Double
    /// Prior density N_c of counterparts, deg⁻².
    public let counterpartsPerDegree2: Double
    /// Prior density N_A of sources of a without counterpart, deg⁻².
    public let unmatchedAPerDegree2: Double
    /// Prior density N_B of sources of b without counterpart, deg⁻².
    public let unmatchedBPerDegree2: Double
  }

  /// Every chunk with what it is expected to cost, along the curve.
  /// - Complexity: O(chunks + nodes of the coverage maps).
  public var chunkEstimates: [ChunkEstimate] {
    let loads = loads
    return chunks.map { chunk in
      let load = loads.load(of: chunk.pixel)
      return ChunkEstimate(
        chunk: chunk, load: load,
        countingSeconds: configuration.needsMeasurement ? costs.countingSeconds(load) : 0,
        matchingSeconds: costs.matchingSeconds(load), memoryBytes: Self.bytes(costs.memoryBytes(load)),
        diskBytes: Self.bytes(costs.diskBytes(load)))
    }
  }

  /// As an integer, whatever the estimate is.
  private static func bytes(_ estimate: Double) -> Int64 { estimate < 0x1p53 ? Int64(max(0, estimate)) : 1 << 53 }

  /// The regions that both catalogues cover, along the curve.
  public var priorEstimates: [PriorEstimate] {
    regions.regions.filter { $0.coverage.areaDegrees2 > 0 }.map { region in
      PriorEstimate(
        pixel: region.pixel, commonAreaDegrees2: region.coverage.areaDegrees2,
        counterpartsPerDegree2: region.priors.counterpartsPerDegree2,
        unmatchedAPerDegree2: region.priors.unmatchedAPerDegree2,
        unmatchedBPerDegree2: region.priors.unmatchedBPerDegree2)
    }
  }
}
