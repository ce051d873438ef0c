@testable import Simulation

/// All rows of both catalogues.
struct CrowdedMade {
  let model: CrowdedSkyModel
  var a = CrowdedRows()
  var b = CrowdedRows()
  var counts = CrowdedSimulation.Counts()

  init(_ model: CrowdedSkyModel, batchRows: Int = 65_536) throws {
    self.model = model
    let simulation = try CrowdedSimulation(model)
    counts = try simulation.run(batchRows: batchRows) { rowsA, rowsB, _ in
      a.add(rowsA)
      b.add(rowsB)
    }
  }
}

/// A row of either catalogue.
struct CrowdedRow: Hashable {
  let id: Int64
  let truth: Int64
  let ra: Double
  let dec: Double
  let sigma: Float
  let magnitude: Float
  let magnitudeError: Float
  let trueRA: Double
  let trueDec: Double
  let trueMagnitude: Float
  let hidden: Int64
  let brightest: Float
  let total: Float
  let pull: Float
}

/// All rows of one.
struct CrowdedRows {
  var all: [CrowdedRow] = []

  mutating func add(_ rows: CatalogueRows) {
    all += (0..<rows.count).map { row in
      CrowdedRow(
        id: rows.ids[row], truth: rows.truth[row], ra: rows.raDegrees[row], dec: rows.decDegrees[row],
        sigma: rows.sigmaRA[row], magnitude: rows.magnitudes[0][row],
        magnitudeError: rows.magnitudeErrors[0][row], trueRA: rows.blends.raDegrees[row],
        trueDec: rows.blends.decDegrees[row], trueMagnitude: rows.blends.magnitude[row],
        hidden: rows.blends.hidden[row], brightest: rows.blends.brightest[row], total: rows.blends.total[row],
        pull: rows.blends.pullArcsec[row])
    }
  }
}
