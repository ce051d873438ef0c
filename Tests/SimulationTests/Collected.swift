import Simulation

/// All rows of both catalogues of a simulation.
struct Collected {
  let model: SkyModel
  let a: [CatalogueRows]
  let b: [CatalogueRows]
  let counts: Simulation.Counts

  init(_ model: SkyModel, batchRows: Int = 65_536) throws {
    self.model = model
    var (a, b): ([CatalogueRows], [CatalogueRows]) = ([], [])
    counts = try Simulation(model).run(batchRows: batchRows) { rowsA, rowsB, _ in
      a.append(rowsA)
      b.append(rowsB)
    }
    (self.a, self.b) = (a, b)
  }

  /// A row of either catalogue, as far as tests look at it.
  struct Row: Hashable {
    let id: Int64
    let truth: Int64
    let ra: Double
    let dec: Double
    let sigma: Float
    let sigmaDec: Float
    let correlation: Float
    /// Not a number where missing.
    let magnitudes: [UInt32]
    let magnitudeErrors: [UInt32]
    let motion: [Double]

    func magnitude(_ band: Int) -> Double { Double(Float(bitPattern: magnitudes[band])) }
  }

  var rowsA: [Row] { a.flatMap(Self.rows) }
  var rowsB: [Row] { b.flatMap(Self.rows) }

  /// Rows of the same object in both.
  var pairs: [(a: Row, b: Row)] {
    let b = Dictionary(uniqueKeysWithValues: rowsB.map { ($0.truth, $0) })
    return rowsA.compactMap { row in b[row.truth].map { (row, $0) } }
  }

  private static func rows(_ batch: CatalogueRows) -> [Row] {
    (0..<batch.count).map { row in
      Row(
        id: batch.ids[row], truth: batch.truth[row], ra: batch.raDegrees[row], dec: batch.decDegrees[row],
        sigma: batch.sigmaRA[row], sigmaDec: batch.sigmaDec.isEmpty ? batch.sigmaRA[row] : batch.sigmaDec[row],
        correlation: batch.correlation.isEmpty ? 0 : batch.correlation[row],
        magnitudes: batch.magnitudes.map { $0[row].bitPattern },
        magnitudeErrors: batch.magnitudeErrors.map { $0[row].bitPattern },
        motion: batch.motionRA.isEmpty ? [] : [batch.motionRA[row], batch.motionDec[row]])
    }
  }
}

extension SkyModel {
  /// A cone of about so many sources per catalogue, 70 % of them in both.
  static func cone(
    _ sources: Double, density: Double = 30_000, ra: Double = 180, dec: Double = 0, seed: UInt64 = 7
  ) -> SkyModel {
    let region = SimulatedRegion.cone(center: .init(raDegrees: ra, decDegrees: dec)!, areaDegrees2: sources / density)
    var model = SkyModel(region: region, densities: KindDensities(perCatalogue: density, matched: 0.7))
    model.seed = seed
    return model
  }
}
