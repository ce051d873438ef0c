import CatalogStore
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// What processes say to one another survives the way as bytes, and rubbish is refused.
@Suite struct MessageTests {
  private static let chunk = RunChunk(
    position: 7, pixel: HealpixPixel(order: 6, index: 1234), path: "runs/3/Norder=6/Npix=1234.sqlite", bytes: 1 << 40,
    fingerprint: "00ff", totals: RunTotals(),
    cost: RunCost(seconds: 1.5, processorSeconds: 1.25, peakBytes: 9, host: "n1"),
    inputs: [1, 2, 3, 255])
  private static let region = RunRegion(
    pixel: HealpixPixel(order: 2, index: 5), areaDegrees2: 1.5, countA: 10, countB: 20, counterparts: 3,
    counterpartsError: nil, unmatchedA: 7, unmatchedB: 17, measuredIn: .whole, flags: .nearEdge,
    bandPairs: [
      RunBandPair(bandA: "G", bandB: "W1", counterparts: 1, counterpartsError: 0.1, unmatchedA: 2, unmatchedB: 3)
    ])
  private static let photometry = RunPhotometry(sky: .whole, shares: [0.25, 1e-300, 7])

  private static let measurement = RunMeasurement(classes: [], regions: [region], photometry: [photometry])

  static let fromProcesses: [ProcessMessage] = [
    .joined(threads: 64), .returned(RunPiece(stage: .counting, position: 0)), .stopping,
    .failed(RunPiece(stage: .estimating, position: 3), StoreError(.damaged, "a shard", "is damaged: ″é")),
    .refused(StoreError(.system, "x", "y")),
    .done(
      RunPiece(stage: .matching, position: 7),
      PieceReport(payload: chunk.payload, cost: chunk.cost)),
    .done(
      RunPiece(stage: .estimating, position: 1),
      PieceReport(
        payload: measurement.payload, cost: RunCost(seconds: 0), damage: StoreError(.damaged, "a file", "is damaged"))),
    .done(RunPiece(stage: .counting, position: 9), PieceReport(cost: RunCost(seconds: 2))),
  ]

  @Test(arguments: fromProcesses.indices)
  func whatAProcessSaysArrives(index: Int) throws {
    let message = Self.fromProcesses[index]
    #expect("\(try ProcessMessage(message.bytes))" == "\(message)")
    for length in 0..<message.bytes.count {
      #expect(throws: (any Error).self) { try ProcessMessage(Array(message.bytes.prefix(length))) }
    }
  }

  static let fromManager: [ManagerMessage] = [
    .begin(
      RunOrder(
        database: "/d", snapshot: "/d/runs/1/plan", run: 1, a: "gaia", b: "cat\nwise", configuration: "epoch: auto\n",
        base: nil)), .products(path: "/ö"), .piece(RunPiece(stage: .matching, position: 1 << 40)),
    .halt(abandon: true),
    .halt(abandon: false), .end, .dismiss,
  ]

  @Test(arguments: fromManager.indices)
  func whatTheManagerSaysArrives(index: Int) throws {
    let message = Self.fromManager[index]
    #expect("\(try ManagerMessage(message.bytes))" == "\(message)")
    for length in 0..<message.bytes.count {
      #expect(throws: (any Error).self) { try ManagerMessage(Array(message.bytes.prefix(length))) }
    }
  }

  @Test func payloadsOfStagesArrive() throws {
    #expect("\(try RunChunk(payload: Self.chunk.payload, cost: Self.chunk.cost))" == "\(Self.chunk)")
    #expect("\(try RunMeasurement(payload: Self.measurement.payload))" == "\(Self.measurement)")
    func wrong(_ payload: [UInt8]) -> [[UInt8]] {
      (0..<payload.count).map { Array(payload.prefix($0)) } + [payload + [0]]
    }
    for bytes in wrong(Self.chunk.payload) {
      #expect(throws: (any Error).self) { try RunChunk(payload: bytes, cost: Self.chunk.cost) }
    }
    for bytes in wrong(Self.measurement.payload) {
      #expect(throws: (any Error).self) { try RunMeasurement(payload: bytes) }
    }
  }
}
