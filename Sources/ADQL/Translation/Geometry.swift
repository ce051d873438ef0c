/// A shape on the sky, as functions of ADQL make it.
enum Geometry {
  case point(Point)
  case circle(Circle)

  struct Point {
    let ra: Expression
    let dec: Expression
  }

  struct Circle {
    let center: Point
    let radius: Expression
  }

  /// The shape that an expression is.
  /// - Parameter user: The function whose argument it is.
  init(_ expression: Expression, of user: Name) throws(Refusal) {
    guard case .function(let name, let arguments, _) = expression.kind else {
      throw Refusal("\(user.text.uppercased()) takes POINT(…) and CIRCLE(…)", at: expression.offset)
    }
    switch name.text.uppercased() {
    case "POINT": self = .point(try Self.point(name, arguments))
    case "CIRCLE": self = .circle(try Self.circle(name, arguments))
    case "BOX", "POLYGON", "REGION":
      throw Refusal(
        "\(name.text.uppercased()) is not supported; regions are circles: CIRCLE(ra, dec, radius)", at: name.offset)
    default:
      throw Refusal("\(user.text.uppercased()) takes POINT(…) and CIRCLE(…), not '\(name.text)'", at: name.offset)
    }
  }

  private static func point(_ name: Name, _ arguments: [Expression]) throws(Refusal) -> Point {
    let values = try withoutFrame(arguments)
    guard values.count == 2 else {
      throw Refusal("POINT has \(values.count) coordinates; expected is POINT(ra, dec), in degrees", at: name.offset)
    }
    return Point(ra: values[0], dec: values[1])
  }

  private static func circle(_ name: Name, _ arguments: [Expression]) throws(Refusal) -> Circle {
    let values = try withoutFrame(arguments)
    if values.count == 3 { return Circle(center: Point(ra: values[0], dec: values[1]), radius: values[2]) }
    guard values.count == 2, case .point(let center) = try Geometry(values[0], of: name) else {
      throw Refusal(
        "CIRCLE has \(values.count) arguments; expected is CIRCLE(ra, dec, radius), in degrees", at: name.offset)
    }
    return Circle(center: center, radius: values[1])
  }

  /// Leaves out the frame of ADQL 2.0. Positions are not converted, so only what means that of the catalogue is allowed.
  private static func withoutFrame(_ arguments: [Expression]) throws(Refusal) -> [Expression] {
    guard let first = arguments.first, case .text(let frame) = first.kind else { return arguments }
    let word = frame.uppercased().split(separator: " ").first.map(String.init) ?? ""
    guard ["", "ICRS", "UNKNOWN", "UNKNOWNFRAME", "J2000"].contains(word) else {
      throw Refusal("positions are not converted to '\(frame)'; allowed: 'ICRS', or no frame", at: first.offset)
    }
    return Array(arguments.dropFirst())
  }
}

extension Translator {
  static let geometry = ["AREA", "CIRCLE", "CONTAINS", "COORD1", "COORD2", "DISTANCE", "INTERSECTS", "POINT"]

  /// A function of shapes that gives a number.
  func geometryValue(
    _ word: String, _ name: Name, _ arguments: [Expression], _ scope: Scope
  ) throws(Refusal) -> Value {
    switch word {
    case "CONTAINS", "INTERSECTS": return try overlap(name, arguments, contains: word == "CONTAINS", scope)
    case "DISTANCE":
      let (a, b) = try distance(name, arguments)
      return Value(sql: "(\(try separation(a, b, scope)) / 3600.0)", type: .double)
    case "COORD1", "COORD2":
      try requireCount(name, arguments.count, 1...1)
      guard case .point(let point) = try Geometry(arguments[0], of: name) else {
        throw Refusal("\(word) takes POINT(…)", at: name.offset)
      }
      return try value(word == "COORD1" ? point.ra : point.dec, scope)
    case "AREA":
      try requireCount(name, arguments.count, 1...1)
      guard case .circle(let circle) = try Geometry(arguments[0], of: name) else {
        return Value(sql: "0.0", type: .double)
      }
      // 4 pi sr is 41252.96… square degrees; half the radius, so that small circles keep their digits.
      let sine = "sin(radians(\(try operand(circle.radius, scope)) / 2.0))"
      return Value(sql: "(41252.961249419277 * pow(\(sine), 2))", type: .double)
    default:
      throw Refusal(
        "\(word) is no value by itself; it stands in CONTAINS, INTERSECTS, DISTANCE, COORD1, COORD2 or AREA",
        at: name.offset)
    }
  }

  /// Two positions: as points, or as four coordinates.
  func distance(_ name: Name, _ arguments: [Expression]) throws(Refusal) -> (Geometry.Point, Geometry.Point) {
    if arguments.count == 4 {
      return (.init(ra: arguments[0], dec: arguments[1]), .init(ra: arguments[2], dec: arguments[3]))
    }
    guard arguments.count == 2, case .point(let a) = try Geometry(arguments[0], of: name),
      case .point(let b) = try Geometry(arguments[1], of: name)
    else {
      throw Refusal(
        "DISTANCE takes two points, DISTANCE(POINT(…), POINT(…)), or DISTANCE(ra1, dec1, ra2, dec2)", at: name.offset)
    }
    return (a, b)
  }

  /// The separation in arcsec.
  private func separation(_ a: Geometry.Point, _ b: Geometry.Point, _ scope: Scope) throws(Refusal) -> String {
    "xm_separation(\(try coordinates(a, scope)), \(try coordinates(b, scope)))"
  }

  func coordinates(_ point: Geometry.Point, _ scope: Scope) throws(Refusal) -> String {
    "\(try value(point.ra, scope).sql), \(try value(point.dec, scope).sql)"
  }

  private func overlap(
    _ name: Name, _ arguments: [Expression], contains: Bool, _ scope: Scope
  ) throws(Refusal) -> Value {
    try requireCount(name, arguments.count, 2...2)
    let sql: String
    switch (try Geometry(arguments[0], of: name), try Geometry(arguments[1], of: name)) {
    case (.point(let point), .circle(let circle)): sql = try inside(point, circle, scope)
    case (.circle(let circle), .point(let point)) where !contains: sql = try inside(point, circle, scope)
    case (.circle(let inner), .circle(let outer)):
      let (a, b) = (try operand(inner.radius, scope), try operand(outer.radius, scope))
      let distance = "\(try separation(inner.center, outer.center, scope)) / 3600.0"
      sql = contains ? "(\(distance) + \(a) <= \(b))" : "(\(distance) <= \(a) + \(b))"
    case (.point(let a), .point(let b)): sql = "(\(try separation(a, b, scope)) = 0)"
    case (.circle, .point):
      throw Refusal("CONTAINS(a, b) asks whether b contains a; a point contains no circle", at: name.offset)
    }
    return Value(sql: sql, type: .short)
  }

  func inside(_ point: Geometry.Point, _ circle: Geometry.Circle, _ scope: Scope) throws(Refusal) -> String {
    let center = try coordinates(circle.center, scope)
    return "xm_in_cone(\(try coordinates(point, scope)), \(center), \(try value(circle.radius, scope).sql))"
  }
}
