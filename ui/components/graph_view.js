// Draws concepts and relations with cytoscape.js (`cytoscape` and `fcose` stand before this text, see graph_view.py).
//
// What is drawn comes as JSON: nodes {id, label, type, papers, kind, open, focus}, edges {id, source, target, label,
// family, supports, denies, hedges}, families {name: {label, colour}}, kinds {name: {colour, shape}} (a node of a kind
// that is not there is a plain disc), selected (an edge's id or null). All text from papers reaches the page through
// the canvas or textContent, never as HTML.
//
// Given again with other values, it keeps what stands where it is and makes room for what is new.

const MOST_LABELS = 70;
const SIGNS = { "round-hexagon": "\u2B22", "round-pentagon": "\u2B1F", "round-rectangle": "\u25A0", "round-diamond": "\u25C6" };

function valueOf(element, name, otherwise) {
  const value = getComputedStyle(element).getPropertyValue(name).trim();
  return value === "" ? otherwise : value;
}

// fcose draws random numbers; the same graph shall give the same picture, so they come from a seed while it works.
function withSeed(seed, work) {
  const random = Math.random;
  let state = seed >>> 0;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  try {
    work();
  } finally {
    Math.random = random;
  }
}

function styles(root, most, kinds) {
  const text = valueOf(root, "--st-text-color", "#1c2321");
  const paper = valueOf(root, "--st-background-color", "#ffffff");
  const strong = valueOf(root, "--st-primary-color", "#0f766e");
  const font = valueOf(root, "--st-font", "sans-serif");
  const size = `mapData(weight, 0, ${most}, 14, 46)`;
  const label = {
    label: "data(label)", color: text, "text-outline-color": paper, "text-outline-width": 2.5,
    "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 120,
    "min-zoomed-font-size": 7,
  };
  return [
    { selector: "node, edge", style: { "font-family": font } },
    { selector: "node", style: { width: size, height: size, "background-color": text, "background-opacity": 0.34,
      "border-width": 0, "font-size": 12 } },
    { selector: "node[named = 1]", style: label },
    { selector: "node[open = 1]", style: { "background-color": strong, "background-opacity": 0.75 } },
    { selector: "node[focus = 1]", style: { "background-color": strong, "background-opacity": 1, "font-weight": "bold",
      "font-size": 15, "border-width": 4, "border-color": strong, "border-opacity": 0.3, "text-background-color": paper,
      "text-background-opacity": 0.85, "text-background-padding": 2, "z-index": 10 } },
    // What has a type keeps its colour when it is opened, and is ringed instead.
    ...Object.entries(kinds).flatMap(([name, kind]) => [
      { selector: `node[kind = "${name}"]`, style: { shape: kind.shape, "background-color": kind.colour,
        "background-opacity": 0.6 } },
      { selector: `node[kind = "${name}"][open = 1]`, style: { "background-opacity": 0.9, "border-width": 3,
        "border-color": strong, "border-opacity": 0.8 } },
      { selector: `node[kind = "${name}"][focus = 1]`, style: { "background-opacity": 1, "border-width": 5,
        "border-opacity": 0.8 } },
    ]),
    { selector: "edge", style: { width: "mapData(count, 1, 8, 1.6, 5)", "curve-style": "bezier",
      "control-point-step-size": 26, "line-color": "data(colour)", "target-arrow-color": "data(colour)",
      "target-arrow-shape": "triangle", "arrow-scale": 0.9, "line-opacity": 0.85 } },
    { selector: "edge[tentative = 1]", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
    { selector: "edge[contested = 1]", style: { "mid-target-arrow-shape": "diamond", "mid-target-arrow-color": valueOf(root, "--contested", "#d9480f") } },
    { selector: ".faint", style: { opacity: 0.18 } },
    { selector: "node.near", style: { ...label, "z-index": 20, "min-zoomed-font-size": 0 } },
    { selector: "edge.near", style: { "line-opacity": 1, label: "data(label)", "font-size": 11, color: text,
      "text-outline-color": paper, "text-outline-width": 3, "text-rotation": "autorotate", "z-index": 20 } },
    { selector: "edge.chosen", style: { "line-opacity": 1, width: 6, label: "data(label)", "font-size": 12, color: text,
      "text-outline-color": paper, "text-outline-width": 3, "text-rotation": "autorotate", "z-index": 30,
      "underlay-color": strong, "underlay-opacity": 0.18, "underlay-padding": 5 } },
  ];
}

function counted(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

function nodeWords(data) {
  return [data.label, `${data.type} · in ${counted(data.papers, "paper", "papers")}`,
    data.open ? "Its neighbours are shown" : "Click to bring in its neighbours"];
}

function edgeWords(data) {
  const words = [counted(data.supports, "sentence for", "sentences for")];
  if (data.denies) words.push(`${data.denies} against`);
  if (data.hedges) words.push(`${data.hedges} hedged`);
  return [`${data.from} – ${data.label} – ${data.to}`, words.join(" · "), "Click to read them"];
}

class GraphView {
  constructor(root, emit) {
    this.root = root;
    this.emit = emit;
    this.canvas = root.querySelector(".canvas");
    this.tip = root.querySelector(".tip");
    this.cy = cytoscape({ container: this.canvas, minZoom: 0.15, maxZoom: 3.5, boxSelectionEnabled: false,
      selectionType: "single" });
    // The wheel scrolls the page; with Ctrl or a pinch it zooms, and there are buttons.
    this.wheel = (event) => { if (!event.ctrlKey) event.stopPropagation(); };
    this.canvas.addEventListener("wheel", this.wheel, { capture: true });
    this.listen();
    root.querySelector(".nearer").onclick = () => this.zoom(1.3);
    root.querySelector(".further").onclick = () => this.zoom(1 / 1.3);
    root.querySelector(".whole").onclick = () => this.cy.animate({ fit: { padding: 30 }, duration: 200 });
    this.resized = new ResizeObserver(() => this.cy.resize());
    this.resized.observe(this.canvas);
  }

  zoom(factor) {
    const middle = { x: this.cy.width() / 2, y: this.cy.height() / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: middle });
  }

  listen() {
    const cy = this.cy;
    cy.on("tap", "node", (event) => this.emit("concept", event.target.id()));
    cy.on("tap", "edge", (event) => this.emit("relation", event.target.id()));
    cy.on("mouseover", "node, edge", (event) => this.point(event.target, event.renderedPosition));
    cy.on("mousemove", "node, edge", (event) => this.placeTip(event.renderedPosition));
    cy.on("mouseout", "node, edge", () => this.leave());
    cy.on("pan zoom drag", () => { this.tip.hidden = true; });
  }

  point(target, at) {
    const near = target.isNode() ? target.closedNeighborhood() : target.union(target.connectedNodes());
    this.cy.elements().not(near).addClass("faint");
    near.addClass("near");
    const [first, ...more] = target.isNode() ? nodeWords(target.data()) : edgeWords(target.data());
    const head = document.createElement("strong");
    head.textContent = first;
    this.tip.replaceChildren(head, ...more.map((words) => {
      const line = document.createElement("div");
      line.textContent = words;
      return line;
    }));
    this.tip.hidden = false;
    this.canvas.style.cursor = "pointer";
    this.placeTip(at);
  }

  placeTip(at) {
    if (at === undefined) return;
    const left = Math.min(at.x + 14, this.cy.width() - this.tip.offsetWidth - 8);
    const below = at.y + 16 + this.tip.offsetHeight < this.cy.height();
    this.tip.style.left = `${Math.max(8, left)}px`;
    this.tip.style.top = `${below ? at.y + 16 : at.y - this.tip.offsetHeight - 10}px`;
  }

  leave() {
    this.cy.elements().removeClass("faint near");
    this.tip.hidden = true;
    this.canvas.style.cursor = "default";
  }

  draw(data) {
    const begun = performance.now();
    const cy = this.cy;
    const most = Math.max(3, ...data.nodes.map((node) => node.papers));
    const label = Object.fromEntries(data.nodes.map((node) => [node.id, node.label]));
    const byPapers = [...data.nodes].sort((a, b) => b.papers - a.papers);
    const named = new Set(byPapers.slice(0, MOST_LABELS).map((node) => node.id));
    const nodes = data.nodes.map((node) => ({ group: "nodes", data: { ...node, weight: node.papers,
      named: named.has(node.id) || node.open || node.focus ? 1 : 0, open: node.open ? 1 : 0,
      focus: node.focus ? 1 : 0 } }));
    const edges = data.edges.map((edge) => ({ group: "edges", data: { ...edge, from: label[edge.source],
      to: label[edge.target], colour: data.families[edge.family].colour, count: edge.supports + edge.denies,
      contested: edge.supports && edge.denies ? 1 : 0,
      tentative: edge.hedges > 0 && edge.hedges >= edge.supports + edge.denies ? 1 : 0 } }));
    const wanted = new Set([...nodes, ...edges].map((element) => element.data.id));
    this.leave();
    cy.startBatch();
    cy.elements().filter((element) => !wanted.has(element.id())).remove();
    const standing = cy.nodes().map((node) => ({ nodeId: node.id(), position: { ...node.position() } }));
    const fresh = [];
    for (const element of [...nodes, ...edges]) {
      const there = cy.getElementById(element.data.id);
      if (there.nonempty()) there.data(element.data);
      else {
        cy.add(element);
        if (element.group === "nodes") fresh.push(element.data.id);
      }
    }
    cy.edges().removeClass("chosen");
    if (data.selected !== null) cy.getElementById(data.selected).addClass("chosen");
    cy.style(styles(this.root, most, data.kinds));
    cy.endBatch();
    if (fresh.length) this.layOut(fresh, standing);
    this.root.dataset.nodes = String(cy.nodes().length);
    this.root.dataset.edges = String(cy.edges().length);
    this.root.dataset.milliseconds = (performance.now() - begun).toFixed(0);
  }

  // The first time everything is laid out anew; later the standing nodes stay, and the new ones start beside theirs.
  layOut(fresh, standing) {
    const cy = this.cy;
    const stands = new Map(standing.map((one) => [one.nodeId, one.position]));
    fresh.forEach((id, place) => {
      const beside = cy.getElementById(id).neighborhood("node").filter((node) => stands.has(node.id()));
      const at = beside.nonempty() ? stands.get(beside[0].id()) : { x: 0, y: 0 };
      const turn = (2 * Math.PI * place) / fresh.length;
      cy.getElementById(id).position({ x: at.x + 90 * Math.cos(turn), y: at.y + 90 * Math.sin(turn) });
    });
    withSeed(7, () => cy.layout({ name: "fcose", quality: "default", animate: false, randomize: standing.length === 0,
      nodeDimensionsIncludeLabels: true, nodeSeparation: 110, idealEdgeLength: 105, nodeRepulsion: 11000,
      gravity: 0.35, fixedNodeConstraint: standing.length ? standing : undefined, fit: false }).run());
    // Labels count as parts of nodes there, which moves even fixed nodes a little: everything is moved back together.
    if (standing.length) {
      const first = cy.getElementById(standing[0].nodeId).position();
      const [x, y] = [standing[0].position.x - first.x, standing[0].position.y - first.y];
      for (const id of fresh) cy.getElementById(id).shift({ x, y });
      for (const one of standing) cy.getElementById(one.nodeId).position(one.position);
    }
    cy.fit(undefined, 30);
    if (cy.zoom() > 1.4) {
      cy.zoom(1.4);
      cy.center();
    }
  }

  // Where an element stands in the window, in pixels: for tests, which have to click on a canvas.
  where(id) {
    const element = this.cy.getElementById(id);
    const box = this.canvas.getBoundingClientRect();
    const at = element.isNode() ? element.renderedPosition() : element.renderedMidpoint();
    return { x: box.x + at.x, y: box.y + at.y };
  }

  end() {
    this.resized.disconnect();
    this.canvas.removeEventListener("wheel", this.wheel, { capture: true });
    this.cy.destroy();
  }
}

function drawLegend(root, data) {
  const used = new Set(data.edges.map((edge) => edge.family));
  const entry = (style, words) => {
    const line = document.createElement("span");
    const mark = document.createElement("i");
    Object.assign(mark.style, style);
    line.append(mark, document.createTextNode(words));
    return line;
  };
  const families = Object.entries(data.families).filter(([name]) => used.has(name))
    .map(([, family]) => entry({ borderTopColor: family.colour }, family.label));
  if (data.edges.some((edge) => edge.hedges)) families.push(entry({ borderTopStyle: "dashed" }, "hedged only"));
  if (data.edges.some((edge) => edge.supports && edge.denies)) {
    families.push(entry({ borderTopColor: "var(--contested)", borderTopWidth: "8px", width: "8px" }, "papers disagree"));
  }
  const kinds = Object.entries(data.kinds).flatMap(([name, kind]) => {
    const types = [...new Set(data.nodes.filter((node) => node.kind === name).map((node) => node.type))].sort();
    if (!types.length) return [];
    const line = document.createElement("span");
    const sign = document.createElement("b");
    sign.style.color = kind.colour;
    sign.textContent = SIGNS[kind.shape];
    line.append(sign, document.createTextNode(types.join(", ")));
    return [line];
  });
  root.querySelector(".legend").replaceChildren(...kinds, ...families);
}

export default function ({ parentElement, data: sent, setTriggerValue }) {
  const data = JSON.parse(new TextDecoder().decode(sent));
  const root = parentElement.querySelector(".graph");
  root.style.setProperty("--height", `${data.height}px`);
  if (root.view === undefined) root.view = new GraphView(root, setTriggerValue);
  root.view.emit = setTriggerValue;
  drawLegend(root, data);
  root.view.draw(data);
  return () => {
    if (root.view !== undefined) {
      root.view.end();
      delete root.view;
    }
  };
}
