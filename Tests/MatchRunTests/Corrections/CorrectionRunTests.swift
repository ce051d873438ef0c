import CatalogStore
import Foundation
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

extension MatchBench {
  /// The errors of b, learned from a.
  @discardableResult
  func correct(
    _ configuration: CorrectionConfiguration = CorrectionConfiguration(), processes: Int = 1, threads: Int = 1,
    redo: Bool = false, cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> CorrectionDriver.Outcome {
    let transports = MailTransport.all(processes)
    let others = transports.dropFirst().compactMap { transport in
      PlainThread { _ = try? Crew(transport: transport, threads: threads).serve() }
    }
    let crew = Crew(transport: transports[0], threads: threads, cancellation: cancellation)
    defer {
      try? crew.dismiss()
      for thread in others { thread.join() }
    }
    let plan = try CorrectionPlan(database: database, catalogue: nameB, against: nameA, configuration: configuration)
    return try CorrectionDriver(plan: plan, crew: crew, cancellation: cancellation).run(redo: redo, progress: progress)
  }

  /// What was found.
  func corrections() throws -> CatalogueCorrections? {
    try CatalogueCorrections(of: nameB, in: database.registry())
  }

  /// Every byte of it.
  func correctionBytes() throws -> [[UInt8]] {
    let registry = try database.registry()
    guard let run = try registry.corrections(of: nameB) else { return [] }
    return try registry.products(of: run.id, named: CatalogueCorrections.product).map(\.payload)
  }
}

@Suite struct CorrectionRunTests {
  private func order(_ order: Int) -> CorrectionConfiguration {
    var configuration = CorrectionConfiguration()
    configuration.order = order
    return configuration
  }

  /// m² and n², or m and n, lie within so many of their errors of the truth.
  private func deviations(_ record: CorrectionRecord, _ sky: WrongErrors) -> [Double] {
    let power = record.relation == .quadratic ? 2.0 : 1.0
    return [
      (record.values.x - pow(sky.factor, power)) / record.variances.x.squareRoot(),
      (record.values.y - pow(sky.floorArcsec, power)) / record.variances.y.squareRoot(),
    ]
  }

  @Test(arguments: [
    WrongErrors(factor: 1, floorArcsec: 0), WrongErrors(), WrongErrors(factor: 5, floorArcsec: 0.02),
    WrongErrors(factor: 7, floorArcsec: 0.3, quoted: 0.01...0.1),
    WrongErrors(factor: 1.5, floorArcsec: 0.05, relation: .linear),
  ])
  func mAndNAreFoundWithinTheirErrors(sky: WrongErrors) throws {
    var found: [Double] = []
    for seed: UInt64 in 1...4 {
      let bench = try MatchBench(sky.pair(seed: seed))
      var configuration = CorrectionConfiguration()
      configuration.relation = sky.relation
      try bench.correct(configuration, threads: 2)
      for (_, correction) in try #require(try bench.corrections()).sightlines {
        try #require(correction.record.isMeasured)
        found += deviations(correction.record, sky)
        #expect((0.01...0.3).contains(correction.chanceShare), "seed \(seed): \(correction.chanceShare)")
        #expect(correction.record.fitness.reducedChiSquare < 3, "seed \(seed)")
      }
    }
    let largest = found.map(abs).max() ?? .infinity
    let square = found.reduce(0) { $0 + $1 * $1 } / Double(found.count)
    #expect(largest < 3.5 && square < 2.5, "\(sky): \(found)")
  }

  @Test func slicesGiveNearlyTheSame() throws {
    let bench = try MatchBench(WrongErrors().pair(seed: 11))
    try bench.correct()
    let single = try #require(try bench.corrections()?.sightlines.first).correction.record.correction
    var configuration = CorrectionConfiguration()
    configuration.fit = .binned
    try bench.correct(configuration)
    let found = try #require(try bench.corrections())
    let binned = try #require(found.sightlines.first).correction.record
    #expect(abs(binned.correction.factor / single.factor - 1) < 0.05, "\(binned.correction) \(single)")
    #expect(abs(binned.correction.floorArcsec - single.floorArcsec) < 0.03, "\(binned.correction) \(single)")
    #expect(try bench.database.registry().allRuns().filter { $0.kind == .corrections }.map(\.id) == [found.run.id])
  }

  @Test func theOffsetIsThatOfPositionsAsTheyAreGiven() throws {
    let bench = try MatchBench(WrongErrors(eastArcsec: 0.3).pair(seed: 12))
    for frame in MatchConfiguration.Frame.allCases {
      var configuration = CorrectionConfiguration()
      configuration.frame = frame
      try bench.correct(configuration)
      let found = try #require(try bench.corrections()?.sightlines.first).correction
      #expect(abs(found.eastMas - 300) < 4 * found.offsetErrorMas && abs(found.northMas) < 4 * found.offsetErrorMas)
      #expect((1...8).contains(found.offsetErrorMas), "\(found.offsetErrorMas)")
    }
  }

  @Test(arguments: [1, 2, 3], [1, 2])
  func anyNumberOfProcessesAndThreadsGivesTheSameBytes(processes: Int, threads: Int) throws {
    let pair = try WrongErrors().pair(seed: 13)
    let (whole, cut) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 30_000))
    try whole.correct(order(6))
    try cut.correct(order(6), processes: processes, threads: threads)
    let bytes = try whole.correctionBytes()
    #expect(bytes.count > 2)
    #expect(try cut.correctionBytes() == bytes)
  }

  @Test func whatWasDoneIsNotDoneAgain() throws {
    let pair = try WrongErrors().pair(seed: 14)
    let (whole, bench, cancellation) = (try MatchBench(pair), try MatchBench(pair), Cancellation())
    try whole.correct(order(7))
    #expect(throws: StoreError.self) {
      try bench.correct(order(7), cancellation: cancellation) { if $0.done == 2 { cancellation.request() } }
    }
    #expect(try bench.corrections() == nil, "what is not finished is not used")
    let outcome = try bench.correct(order(7))
    #expect(outcome.isComplete && outcome.resumed >= 2)
    #expect(try bench.correctionBytes() == whole.correctionBytes())
    #expect(try bench.correct(order(7)).wasThere)
    #expect(try !bench.correct(order(7), redo: true).wasThere)
    #expect(try bench.correctionBytes() == whole.correctionBytes())
  }

  @Test func poorSightlinesBorrowFromTheirNeighbours() throws {
    let bench = try MatchBench(WrongErrors(slope: 2, inBoth: 12_000).pair(seed: 15))
    try bench.correct(order(8), threads: 2)
    let found = try #require(try bench.corrections())
    let measured = found.sightlines.filter(\.correction.record.isMeasured)
    #expect(measured.count > 10 && measured.count < found.sightlines.count)
    #expect(!found.map.isConstant)
    for (pixel, correction) in found.sightlines {
      let truth = 2 * (1 + (pixel.center.raDegrees - 180))
      let used = found.correction(at: pixel.range29.lowerBound).correction
      #expect(abs(used.factor / truth - 1) < 0.25, "\(pixel): \(used.factor), \(truth)")
      if !correction.record.isMeasured { #expect(correction.record.pairs < SightlineFit.fewestPairs) }
    }
  }

  @Test func whatCannotBeDoneIsSaidInOneLine() throws {
    let pair = try WrongErrors(inBoth: 60, alone: 20, sideDegrees: 0.1).pair(seed: 16)
    let bench = try MatchBench(pair)
    func message(_ work: () throws -> Void) -> String {
      do { try work() } catch { return "\(error)" }
      return ""
    }
    func plan(_ catalogue: String, _ reference: String) throws {
      _ = try CorrectionPlan(database: bench.database, catalogue: catalogue, against: reference)
    }
    #expect(message { try plan("nobody", "good") }.contains("there is no catalogue of this name"))
    #expect(message { try plan("wrong", "nobody") }.contains("there is no catalogue of this name"))
    #expect(message { try plan("wrong", "wrong") }.contains("the catalogue itself"))
    #expect(message { _ = try bench.correct(order(13)) }.contains("order: is 13; allowed: 0 to 12"))
    #expect(message { _ = try bench.correct() }.contains("no pairs with good tell m from n"))
    #expect(try bench.database.registry().allRuns().isEmpty)
    var far = SimulatedCatalogue("far", (0..<40).map { SimulatedSource(10 + Double($0) / 100, 40, sigma: 0.1) })
    far.number(from: 1)
    try bench.ingest(far)
    #expect(message { try plan("far", "good") }.contains("has no sky in common with good"))
  }
}
