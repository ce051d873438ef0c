internal import CatalogStore
internal import Indexing
internal import Match
internal import Survivors

/// The measurement of a run in the form in which the registry keeps it.
extension RegionModels {
  /// What was measured in some of the regions, for the registry.
  func measurement(of plan: MatchPlan, _ wanted: Range<Int>) -> RunMeasurement {
    Self.measurement(of: plan, wanted.map { ($0, self[$0]) })
  }

  /// What was measured in regions, for the registry.
  static func measurement(of plan: MatchPlan, _ models: [(region: Int, model: Model)]) -> RunMeasurement {
    var photometry: [MeasuredSky: RunPhotometry] = [:]
    var inOrder: [MeasuredSky] = []
    var pairModels: [RunPairModel] = []
    for (_, model) in models {
      if let pairs = model.pairs, let sky = model.measured?.sky, !pairModels.contains(where: { $0.sky == sky }) {
        pairModels.append(RunPairModel(sky: sky, payload: pairs.model.payload))
      }
      guard let densities = model.photometry, let measured = model.measured else { continue }
      if photometry[measured.sky] == nil { inOrder.append(measured.sky) }
      photometry[measured.sky] = RunPhotometry(
        sky: measured.sky, shares: densities.counterparts + densities.fieldA + densities.fieldB)
    }
    return RunMeasurement(
      classes: plan.runClasses, regions: models.map { plan.regions.regions[$0.region].stored($0.model, plan) },
      photometry: inOrder.compactMap { photometry[$0] }, pairModels: pairModels)
  }

  /// Takes up what an earlier attempt of the same run measured.
  /// - Throws: `StoreError.damaged` if it does not fit the plan.
  init(_ measurement: RunMeasurement, of plan: MatchPlan) throws {
    var photometry: [MeasuredSky: RunPhotometry] = [:]
    for entry in measurement.photometry { photometry[entry.sky] = entry }
    let bands = plan.classBands
    let cells = bands.sizes.reduce(0, +)
    guard measurement.regions.map(\.pixel) == plan.regions.regions.map(\.pixel),
      measurement.regions.allSatisfy({ [0, plan.recordedBandPairs].contains($0.bandPairs.count) }),
      measurement.regions.allSatisfy(\.isPossible),
      measurement.photometry.allSatisfy({ $0.shares.count == cells && $0.shares.allSatisfy { $0 > 0 && $0.isFinite } })
    else {
      throw StoreError(
        .damaged, plan.database.registryPath, "holds regions that are not those of the match; use --redo")
    }
    let densities = photometry.mapValues { PhotometricDensities($0.shares, bands) }
    var pairModels: [MeasuredSky: PairJudge] = [:]
    for entry in measurement.pairModels { pairModels[entry.sky] = try plan.pairModel(entry) }
    self.init(
      measurement.regions.map { region in
        Model(
          region, plan, densities: region.measuredIn.flatMap { densities[$0] },
          pairs: region.measuredIn.flatMap { pairModels[$0] })
      })
  }
}

extension RegionModels.Model {
  init(
    _ region: RunRegion, _ plan: MatchPlan, densities: PhotometricDensities?, pairs: PairJudge?
  ) {
    priors = PriorDensities(
      counterpartsPerDegree2: region.counterparts, unmatchedAPerDegree2: region.unmatchedA,
      unmatchedBPerDegree2: region.unmatchedB)
    bandPriors =
      region.bandPairs.isEmpty
      ? nil : BandPriors(region.bandPairs, classesA: plan.classesA, classesB: plan.classesB)
    photometry = densities
    self.pairs = pairs
    flags = region.flags
    if let sky = region.measuredIn {
      measured = RegionModels.Measurement(
        sky: sky, errorPerDegree2: region.counterpartsError ?? .nan)
    }
  }
}

extension RunRegion {
  /// Whether its densities are numbers that a density may have.
  var isPossible: Bool {
    let own = [counterparts, unmatchedA, unmatchedB]
    return (own + bandPairs.flatMap { [$0.counterparts, $0.unmatchedA, $0.unmatchedB] })
      .allSatisfy { $0 >= 0 && $0.isFinite }
  }
}

extension PhotometricDensities {
  init(_ shares: [Double], _ bands: ClassBands) {
    let (cells, fieldA) = (bands.sizes[0], bands.sizes[1])
    self.init(
      counterparts: Array(shares[..<cells]), fieldA: Array(shares[cells..<(cells + fieldA)]),
      fieldB: Array(shares[(cells + fieldA)...]), bands: bands)
  }
}

extension PriorRegions.Region {
  fileprivate func stored(_ model: RegionModels.Model, _ plan: MatchPlan) -> RunRegion {
    RunRegion(
      pixel: pixel, areaDegrees2: coverage.areaDegrees2, countA: coverage.countA, countB: coverage.countB,
      counterparts: model.priors.counterpartsPerDegree2, counterpartsError: model.measured?.errorPerDegree2,
      unmatchedA: model.priors.unmatchedAPerDegree2, unmatchedB: model.priors.unmatchedBPerDegree2,
      measuredIn: model.measured?.sky, flags: model.flags,
      bandPairs: model.bandPriors?.stored(plan) ?? [])
  }
}

extension BandPriors {
  fileprivate init(_ pairs: [RunBandPair], classesA: MagnitudeClasses, classesB: MagnitudeClasses) {
    self.init(
      table: pairs.map {
        PriorDensities(
          counterpartsPerDegree2: $0.counterparts, unmatchedAPerDegree2: $0.unmatchedA,
          unmatchedBPerDegree2: $0.unmatchedB)
      }, errorsPerDegree2: pairs.map { $0.counterpartsError ?? .nan }, classesA: classesA, classesB: classesB)
  }

  fileprivate func stored(_ plan: MatchPlan) -> [RunBandPair] {
    let namesA = plan.classBands.bandsA.map { plan.a.layout.bands[$0] }
    let namesB = plan.classBands.bandsB.map { plan.b.layout.bands[$0] }
    return table.enumerated().map { pair, priors in
      RunBandPair(
        bandA: namesA[pair / namesB.count], bandB: namesB[pair % namesB.count],
        counterparts: priors.counterpartsPerDegree2, counterpartsError: errorsPerDegree2[pair],
        unmatchedA: priors.unmatchedAPerDegree2, unmatchedB: priors.unmatchedBPerDegree2)
    }
  }
}

extension MatchPlan {
  /// How c and f are laid out: bands make no difference unless the method counts them apart.
  var classBands: ClassBands {
    switch configuration.method {
    case .mixture: .undivided(classesA: classesA.count, classesB: classesB.count)
    case .survivors: ClassBands(classesA, classesB)
    }
  }

  /// A recorded model of pairs.
  /// - Throws: `StoreError.damaged` if it is none.
  func pairModel(_ recorded: RunPairModel) throws -> PairJudge? {
    guard let reach = searchReach else { return nil }
    do { return PairJudge(try PairModel(payload: recorded.payload), reach: reach) } catch {
      throw StoreError(
        .damaged, database.registryPath, "holds a model of pairs that is none; match again with --redo")
    }
  }

  /// How many band pairs a region is recorded with, if with any.
  var recordedBandPairs: Int { configuration.method == .survivors ? classBands.pairs : 0 }

  /// The photometric classes of both catalogues, for the registry.
  var runClasses: [RunClass] {
    func entries(_ classes: MagnitudeClasses, _ info: CatalogueInfo, isA: Bool) -> [RunClass] {
      classes.classes.enumerated().map { number, one in
        RunClass(
          isA: isA, number: number, band: info.layout.bands[one.band], brightest: one.brightest,
          faintest: one.faintest)
      }
    }
    return entries(classesA, a, isA: true) + entries(classesB, b, isA: false)
  }
}
