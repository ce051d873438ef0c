/// Frames and epochs that a VOTable gives for its fields: by COOSYS, or by groups with the words of STC.
///
/// Sources: VOTable 1.4, section 3.1; IVOA Note "Referencing STC in VOTable" 2.0.
struct VOTableFrames: Sendable {
  private struct System {
    var name: String?
    var equinox: String?
    var epoch: String?
  }

  private struct Group {
    var system: System = System()
    var ref: String?
    var fields: [String] = []
  }

  private var systems: [String: System] = [:]
  private var open: [Group] = []
  private var groups: [Group] = []
  private static let most = 10_000

  mutating func addSystem(_ attributes: XMLAttributes) {
    guard systems.count < Self.most else { return }
    systems[attributes["ID"] ?? ""] = System(
      name: attributes["system"], equinox: attributes["equinox"], epoch: attributes["epoch"])
  }

  mutating func beginGroup(_ attributes: XMLAttributes) { open.append(Group(ref: attributes["ref"])) }

  mutating func endGroup() {
    guard let group = open.popLast(), groups.count < Self.most else { return }
    groups.append(group)
  }

  mutating func addReference(_ attributes: XMLAttributes) {
    guard let ref = attributes["ref"], !open.isEmpty, open[open.count - 1].fields.count < Self.most else { return }
    open[open.count - 1].fields.append(ref)
  }

  mutating func addParameter(_ attributes: XMLAttributes) {
    guard !open.isEmpty, let utype = attributes["utype"], let value = attributes["value"] else { return }
    if utype.hasSuffix("CoordRefFrame") { open[open.count - 1].system.name = value }
    if utype.hasSuffix("CoordRefFrame.Equinox") { open[open.count - 1].system.equinox = value }
    if utype.hasSuffix(".Epoch") { open[open.count - 1].system.epoch = value }
  }

  /// Gives the fields their frames.
  /// - Returns: What is to be said of frames and epochs.
  func complete(_ fields: inout [VOTableField]) -> [String] {
    var said: [String: [String]] = [:]
    for index in fields.indices {
      guard let system = system(of: fields[index]) else { continue }
      fields[index].frame = Self.other(system)
      let words = [system.name, system.equinox.map { "equinox \($0)" }, system.epoch.map { "epoch \($0)" }]
      said[words.compactMap(\.self).joined(separator: ", "), default: []].append(fields[index].name)
    }
    return said.sorted { $0.key < $1.key }.map { words, names in
      let years = words.split(separator: " ").last.flatMap { $0.first == "J" ? Double($0.dropFirst()) : nil }
      let isEpoch = words.contains("epoch") && years != nil
      let hint = isEpoch ? years.map { "; --epoch \($0) takes it for the catalogue's" } ?? "" : ""
      return "Coordinate system of \(TableSource.listed(names)): \(words)\(hint)."
    }
  }

  private func system(of field: VOTableField) -> System? {
    if let ref = field.ref, let system = systems[ref] { return system }
    guard let id = field.id, let group = groups.first(where: { $0.fields.contains(id) }) else { return nil }
    if let ref = group.ref, let system = systems[ref] { return system }
    return group.system.name == nil && group.system.epoch == nil ? nil : group.system
  }

  /// The name of a frame that is not ICRS or FK5 at J2000; nil of these and of none.
  private static func other(_ system: System) -> String? {
    guard let name = system.name else { return nil }
    let word = ColumnNames.folded(name)
    if ["icrs", "barycentric", "unknown", "unknownframe"].contains(word) { return nil }
    let isFK5 = word == "eq_fk5" || word == "fk5"
    let isJ2000 = system.equinox.map { $0.contains("2000") } ?? true
    return isFK5 && isJ2000 ? nil : name + (system.equinox.map { " at equinox \($0)" } ?? "")
  }
}
