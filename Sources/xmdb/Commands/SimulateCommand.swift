import ArgumentParser
import CatalogStore
import Formats
import Ingest
import Simulation

/// `xmdb simulate`.
struct SimulateCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Write two catalogues of one simulated sky, with known counterparts.",
    discussion: """
      Writes a.parquet and b.parquet, ready for `xmdb ingest`. The column `truth` numbers the objects of the sky: equal in \
      both files means a counterpart. The same options give the same rows. docs/simulate.md describes the sky in full. \
      Files of these names are replaced if simulate has written them; others are refused, unless --force is given.

      EXAMPLES
        xmdb simulate --to sim/ --sources 1000000 --density 30000 --seed 1
        xmdb simulate --to sim/ --region box:350,10,-5,5 --sources 200000
        xmdb simulate --to sim/ --sources 100000 --counterparts 20000 --only-a 12000 --only-b 24000
        xmdb simulate --to sim/ --region sky --sources 1e7 --plane-height 5 --limit-a 19.5 --limit-b 17
        xmdb simulate --to sim/ --crowded --preset dense --sources 30000
      """)

  @Option(name: .customLong("to"), help: ArgumentHelp("The folder to write into; made when absent.", valueName: "dir"))
  var folder: String
  @Option(help: ArgumentHelp("The name of the first catalogue.", valueName: "name")) var nameA = "a"
  @Option(help: ArgumentHelp("The name of the second catalogue.", valueName: "name")) var nameB = "b"
  @Option(help: ArgumentHelp("The seed of the random numbers.", valueName: "n")) var seed: UInt64 = 1
  @OptionGroup(title: "Sky options") var sky: SkyOptions
  @Option(help: ArgumentHelp("1-sigma proper motion of objects in each coordinate.", valueName: "mas/yr"))
  var motion = 0.0
  @OptionGroup(title: "Crowded sky options") var crowded: CrowdedOptions
  @OptionGroup(title: "Magnitude options") var magnitudes: MagnitudeOptions
  @OptionGroup(title: "First catalogue options") var a: CatalogueOptions<SideA>
  @OptionGroup(title: "Second catalogue options") var b: CatalogueOptions<SideB>
  @Flag(help: "Replace files of these names that simulate has not written, too.") var force = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let start = Program.seconds()
    let simulation = try simulation()
    let (counts, files) = try write(simulation, process)
    let report = SimulateReport(
      region: simulation.region, seed: seed, counts: counts, files: files, seconds: Program.seconds() - start)
    if facts.json {
      try process.output.line(report.json.pretty)
    } else if !global.quiet {
      for line in report.lines { try process.output.line(line) }
    }
  }

  private func simulation() throws -> SimulatedSky {
    do {
      return crowded.crowded ? try .crowded(CrowdedSimulation(crowdedModel())) : try .plain(Simulation(plainModel()))
    } catch let error as SimulationError {
      throw StoreError(.usage, "--" + error.setting, error.message)
    }
  }

  private func crowdedModel() throws -> CrowdedSkyModel {
    let motions = motion == 0 ? nil : "--motion"
    let refused = [
      sky.refusedWhenCrowded, magnitudes.refusedWhenCrowded, a.refusedWhenCrowded, b.refusedWhenCrowded, motions,
    ]
    if let option = refused.lazy.compactMap(\.self).first {
      throw StoreError(.usage, option, "does not go with --crowded; docs/simulate.md lists what a crowded sky has")
    }
    var model = try crowded.model(sky, magnitudes, a: a, b: b)
    model.seed = seed
    return model
  }

  private func plainModel() throws -> SkyModel {
    try crowded.refuseWithoutFlag()
    var model = try sky.model()
    model.magnitudes = try magnitudes.model()
    model.motionMasPerYear = motion
    model.a = try a.model()
    model.b = try b.model()
    model.seed = seed
    return model
  }

  private func write(
    _ simulation: SimulatedSky, _ process: CommandProcess
  ) throws -> (SimulatedSky.Counts, [SimulateReport.File]) {
    let paths = try paths()
    let own = OwnFiles(force: force, command: "simulate")
    for path in [paths.a, paths.b] { try own.requireReplaceable(path, isOwn: ParquetWriter.hasWritten) }
    try FileSystem.createDirectories(folder)
    let a = try SimulatedFile(path: paths.a, columns: simulation.columns.a)
    let b = try SimulatedFile(path: paths.b, columns: simulation.columns.b)
    let progress = Progress(quiet: global.quiet)
    defer { progress.clear() }
    let expected = simulation.expectedObjects
    let check = {
      if process.signals.cancellation.isRequested {
        throw StoreError(.interrupted, "simulate", "interrupted; nothing was written")
      }
    }
    let counts = try simulation.run(check: check) { rowsA, rowsB, made in
      try a.append(rowsA)
      try b.append(rowsB)
      progress.show { "simulate: \(Format.count(made)) of about \(Format.short(expected)) objects" }
    }
    try a.publish()
    try b.publish()
    return (counts, [file(a, counts.rowsA), file(b, counts.rowsB)])
  }

  private func file(_ file: SimulatedFile, _ rows: Int64) -> SimulateReport.File {
    SimulateReport.File(path: file.path, rows: rows, bytes: FileSystem.size(file.path) ?? 0)
  }

  private func paths() throws -> (a: String, b: String) {
    if folder.isEmpty { throw StoreError(.usage, "--to", "is empty; give a folder, for example --to sim/") }
    for (option, name) in [("--name-a", nameA), ("--name-b", nameB)] where name.isEmpty || name.contains("/") {
      throw StoreError(.usage, option, "is '\(name)'; allowed: a file name without its folder and without .parquet")
    }
    if nameA == nameB { throw StoreError(.usage, "--name-b", "is '\(nameB)', like --name-a; give two names") }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return (prefix + nameA + ".parquet", prefix + nameB + ".parquet")
  }
}
