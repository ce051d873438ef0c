import Simulation

/// A sky to be simulated, of either kind.
enum SimulatedSky: Sendable {
  case plain(Simulation)
  case crowded(CrowdedSimulation)

  /// What has been made.
  struct Counts {
    let objects: Int64
    let rowsA: Int64
    let rowsB: Int64
    let inBoth: Int64
    /// Objects hidden in sources of either, in a crowded sky.
    let hidden: (a: Int64, b: Int64)?
  }

  var region: SimulatedRegion {
    switch self {
    case .plain(let simulation): simulation.model.region
    case .crowded(let simulation): simulation.model.region
    }
  }

  var expectedObjects: Double {
    switch self {
    case .plain(let simulation): simulation.expectedObjects
    case .crowded(let simulation): simulation.expectedObjects
    }
  }

  /// The columns of the two files.
  var columns: (a: [SimulatedColumn], b: [SimulatedColumn]) {
    switch self {
    case .plain(let simulation):
      (SimulatedColumn.all(of: simulation.model.a), SimulatedColumn.all(of: simulation.model.b))
    case .crowded(let simulation):
      (SimulatedColumn.all(of: simulation.model.a), SimulatedColumn.all(of: simulation.model.b))
    }
  }

  /// Makes the rows in batches.
  func run(
    check: () throws -> Void, _ body: (_ a: CatalogueRows, _ b: CatalogueRows, _ objects: Int64) throws -> Void
  ) throws -> Counts {
    switch self {
    case .plain(let simulation):
      let made = try simulation.run(check: check) { try body($0, $1, $2.objects) }
      return Counts(objects: made.objects, rowsA: made.rowsA, rowsB: made.rowsB, inBoth: made.inBoth, hidden: nil)
    case .crowded(let simulation):
      let made = try simulation.run(check: check) { try body($0, $1, $2.objects) }
      return Counts(
        objects: made.objects, rowsA: made.rowsA, rowsB: made.rowsB, inBoth: made.inBoth,
        hidden: (made.hiddenInA, made.hiddenInB))
    }
  }
}
