"""The controlled vocabulary of relations: some sixty predicates, and the verbs that are read as them.

Terms of the OBO Relation Ontology, BFO and SKOS are named where one means the same; most of everyday scientific prose
has none. The words that a paper used are kept beside the predicate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kg.errors import not_found

_OBO = "http://purl.obolibrary.org/obo/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One kind of relation, read "subject `name` object".

    `inverse` reads it from the object's side (a reading only: relations are stored in one direction); a symmetric one
    has none. `verbs` are frames whose grammatical subject is the subject ("lead to"; "be used for" is a passive with
    its preposition); `reversed_verbs` are those whose grammatical subject is the object ("result from", for causes).
    A plain passive ("Y is increased by X") follows from the active and is not listed.
    """

    name: str
    inverse: str | None = None
    symmetric: bool = False
    iri: str | None = None
    verbs: tuple[str, ...] = ()
    reversed_verbs: tuple[str, ...] = ()


def _p(
    name: str,
    inverse: str | None = None,
    iri: str | None = None,
    verbs: str = "",
    reversed_verbs: str = "",
    symmetric: bool = False,
) -> Predicate:
    return Predicate(name, inverse, symmetric, iri, _listed(verbs), _listed(reversed_verbs))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(part for word in words.split(",") if (part := " ".join(word.split())))


PREDICATES: tuple[Predicate, ...] = (
    _p(
        "affects",
        "affected by",
        iri=_OBO + "RO_0002566",
        verbs="""
            affect, influence, alter, change, modify, shape, perturb, disturb, act on, act upon, impinge on,
            impact, vary, shift, bias, interfere with, reshape, transform, be effective on, play on, deform
        """,
        reversed_verbs="respond to, be sensitive to, be affected by, vary with, change with, scale with",
    ),
    _p(
        "increases",
        "increased by",
        verbs="""
            increase, raise, elevate, enhance, boost, augment, amplify, intensify, heighten, strengthen, enrich,
            double, triple, accelerate, speed up, speed, maximize, maximise, elongate, lengthen, extend,
            prolong, expand, broaden, widen, upregulate, up-regulate, potentiate, overexpress, multiply,
            escalate, deepen, warm, heat, thicken, harden, stiffen, toughen
        """,
        reversed_verbs="increase with, rise with, grow with, be higher with, increase upon, increase after",
    ),
    _p(
        "decreases",
        "decreased by",
        verbs="""
            decrease, reduce, lower, diminish, lessen, weaken, attenuate, halve, shorten, slow, slow down,
            decelerate, delay, limit, minimize, minimise, shrink, downregulate, down-regulate, curtail,
            mitigate, alleviate, dampen, damp, cut, deplete, narrow, restrict, relieve,
            ease, soften, dilute, retard, cool, erode, cut down, compress
        """,
        reversed_verbs="decrease with, decline with, fall with, drop with, decrease upon, decrease after",
    ),
    _p(
        "improves",
        "improved by",
        verbs="improve, refine, optimize, optimise, better, restore, rescue, recover, heal, repair, ameliorate",
    ),
    _p(
        "worsens",
        "worsened by",
        verbs="""
            worsen, impair, damage, degrade, harm, deteriorate, aggravate, exacerbate, hamper, hinder,
            compromise, disrupt, destabilize, destabilise, destroy, injure, corrupt, hurt, threaten, endanger,
            undermine, devastate, erase, kill, poison, infect
        """,
        reversed_verbs="suffer from",
    ),
    _p(
        "promotes",
        "promoted by",
        iri=_OBO + "RO_0002213",
        verbs="""
            promote, stimulate, activate, facilitate, favor, favour, foster, encourage, support, aid, assist,
            catalyze, catalyse, sensitize, sensitise, prime, help, nourish, fuel, feed, sustain, reinforce,
            fertilize
        """,
    ),
    _p(
        "inhibits",
        "inhibited by",
        iri=_OBO + "RO_0002212",
        verbs="""
            inhibit, suppress, repress, block, antagonize, antagonise, silence, counteract, inactivate, abolish,
            abrogate, impede, hold back, quench, oppose, deactivate, arrest, neutralize, neutralise, obstruct,
            offset, eliminate, eradicate, knock down, knock out, interrupt
        """,
    ),
    _p(
        "prevents",
        "prevented by",
        verbs="""
            prevent, avoid, avert, preclude, forestall, protect against, protect from, guard against, stop, rule
            out, resist
        """,
        reversed_verbs="be resistant to, be immune to, be protected against, be protected from",
    ),
    _p(
        "protects",
        "protected by",
        verbs="protect, shield, defend, insulate, safeguard, buffer",
    ),
    _p(
        "causes",
        "caused by",
        iri=_OBO + "RO_0002411",
        verbs="""
            cause, lead to, result in, induce, trigger, elicit, evoke, provoke, give rise to, bring about,
            drive, initiate, spark, generate, underlie, be responsible for, culminate in, create, instigate,
            precipitate, entail, impose, yield, arouse, spawn
        """,
        reversed_verbs="""
            result from, arise from, stem from, be due to, originate from, be attributed to, be attributable to,
            be triggered by, emerge from, be caused by, be a result of, be a consequence of, follow from, be
            ascribed to
        """,
    ),
    _p(
        "contributes to",
        "contributed to by",
        iri=_OBO + "RO_0002326",
        verbs="contribute to, add to, be important for, be crucial for, be critical for, be beneficial for",
        reversed_verbs="benefit from, profit from",
    ),
    _p(
        "regulates",
        "regulated by",
        iri=_OBO + "RO_0002211",
        verbs="""
            regulate, constrain, control, modulate, govern, mediate, coordinate, orchestrate, direct, balance, steer,
            stabilize, stabilise, tune, confine, guide, determine, dictate, synchronize, organize, organise
        """,
        reversed_verbs="be determined by, be a function of",
    ),
    _p(
        "depends on",
        "needed by",
        iri=_OBO + "RO_0002502",
        verbs="""
            depend on, depend upon, rely on, rely upon, be dependent on, be dependent upon, hinge on, be
            contingent on, be conditional on, rest on, be based on, be based upon, be driven by, build on, build
            upon, be grounded in, be rooted in
        """,
    ),
    _p(
        "requires",
        "required for",
        verbs="require, need, necessitate, demand, call for, presuppose",
        reversed_verbs="""
            be required for, be essential for, be essential to, be necessary for, be needed for, be
            indispensable for, be a prerequisite for
        """,
    ),
    _p(
        "enables",
        "enabled by",
        iri=_OBO + "RO_0002327",
        verbs="enable, allow, permit, allow for, afford, let, empower, ensure, guarantee",
    ),
    _p(
        "treats",
        "treated by",
        verbs="treat, cure, be prescribed for, be effective against, be effective in",
    ),
    _p(
        "replaces",
        "replaced by",
        verbs="replace, substitute, substitute for, supersede, displace, supplant, exchange",
    ),
    _p(
        "maintains",
        "maintained by",
        verbs="maintain, preserve, retain, keep, conserve, uphold, store, hold",
    ),
    _p(
        "acts on",
        "acted on by",
    ),
    _p(
        "part of",
        "has part",
        iri=_OBO + "BFO_0000050",
        verbs="""
            be part of, be a part of, belong to, be included in, be embedded in, be incorporated into, be
            integrated into, be a component of, constitute, make up, compose, be contained in, form part of
        """,
    ),
    _p(
        "contains",
        "contained in",
        verbs="""
            contain, include, comprise, incorporate, encompass, carry, possess, bear, be rich in, be made up of,
            be equipped with, harbor, harbour, embed, be enriched in, be enriched with, be loaded with, be
            filled with, have, feature, be supplemented with, host, house
        """,
    ),
    _p(
        "consists of",
        "makes up",
        iri=_OBO + "BFO_0000051",
        verbs="""
            consist of, be composed of, be made of, be comprised of, be built from, be made from, be constructed
            from, consist in, be formed of, be built of, be assembled from
        """,
    ),
    _p(
        "is a",
        "includes",
        iri=_SKOS + "broader",
        verbs="""
            be a kind of, be a type of, be a form of, be a member of, be classified as, be an example of, act
            as, function as, serve as
        """,
    ),
    _p(
        "same as",
        iri=_SKOS + "exactMatch",
        verbs="""
            be known as, be also known as, be called, be termed, be referred to as, be named, be equivalent to,
            be identical to, equal, be synonymous with
        """,
        symmetric=True,
    ),
    _p(
        "located in",
        "location of",
        iri=_OBO + "RO_0001025",
        verbs="""
            be located in, be located at, be found in, be observed in, be present in, reside in, occur in, live
            in, inhabit, occupy, be localized to, be localized in, be localised to, be localised in, localize
            to, localise to, localize in, accumulate in, be detected in, be situated in, be distributed in, be
            abundant in, colonize, colonise, be stored in, be trapped in, appear in, be concentrated in, be
            deposited on, be confined to, lie in, reside on, be restricted to, dwell in, be enclosed in, be
            immobilized on, settle in
        """,
    ),
    _p(
        "connected to",
        iri=_OBO + "RO_0002170",
        verbs="""
            connect to, connect, link, join, attach to, be attached to, be connected to, be connected with, be
            coupled to, couple to, adjoin, be linked by, adhere to, bridge, be adjacent to, contact, bond to,
            project to, innervate
        """,
        symmetric=True,
    ),
    _p(
        "has property",
        "property of",
        iri=_OBO + "RO_0000053",
        verbs="""
            exhibit, display, show, achieve, attain, be characterized by, be characterised by, be marked by, be
            endowed with, demonstrate, manifest, suffer, undergo, experience, be capable of, face
        """,
    ),
    _p(
        "produces",
        "produced by",
        iri=_OBO + "RO_0003000",
        verbs="""
            produce, synthesize, synthesise, form, secrete, manufacture, emit, give off, build, fabricate,
            excrete, construct, assemble, output, issue, spin, grow, breed, deposit, supply, provide, deliver,
            offer, give, nucleate
        """,
    ),
    _p(
        "releases",
        "released by",
        verbs="release, liberate, discharge, leak, shed, expel, eject, lose",
    ),
    _p(
        "derived from",
        "source of",
        iri=_OBO + "RO_0001000",
        verbs="""
            derive from, be derived from, originate in, come from, be obtained from, be isolated from, be
            extracted from, evolve from, be generated from, be collected from, be produced from, descend from,
            be prepared from, be synthesized from, be recovered from, be purified from, be inferred from
        """,
    ),
    _p(
        "becomes",
        "comes from",
        verbs="""
            become, turn into, be converted to, be converted into, transform into, be transformed into, develop
            into, differentiate into, convert to, mature into, be metabolized to, be reduced to, be oxidized to,
            evolve into, decompose into, change into, decay into, be broken down into, crystallize into
        """,
    ),
    _p(
        "converts",
        "converted by",
        verbs="""
            convert, metabolize, metabolise, oxidize, oxidise, hydrolyze, hydrolyse, digest, cleave, dissolve,
            phosphorylate, methylate, acetylate, split, decompose, break down, ferment, melt, translate,
            dehydrate, polymerize, ubiquitinate, crosslink, cross-link
        """,
    ),
    _p(
        "removes",
        "removed by",
        verbs="""
            remove, clear, scavenge, filter, strip, delete, purge, reject, exclude, wash out, discard, absorb,
            adsorb, trap, sequester
        """,
    ),
    _p(
        "transports",
        "transported by",
        iri=_OBO + "RO_0002020",
        verbs="""
            transport, transfer, carry to, shuttle, move, conduct, deliver to, export, import, transmit,
            disperse, pump, spread, drag
        """,
    ),
    _p(
        "binds",
        "bound by",
        iri=_OBO + "RO_0002436",
        verbs="""
            bind, bind to, bind with, dock to, anchor to, stick to, complex with, chelate,
            hybridize to
        """,
    ),
    _p(
        "interacts with",
        iri=_OBO + "RO_0002434",
        verbs="""
            interact with, cooperate with, react with, crosstalk with, synergize with, synergise with, compete
            with, co-operate with, collide with, communicate with, combine with, mix with, couple with, engage
        """,
        symmetric=True,
    ),
    _p(
        "expresses",
        "expressed in",
        iri=_OBO + "RO_0002292",
        verbs="express, transcribe",
        reversed_verbs="be expressed in, be expressed by, be expressed on, be transcribed in",
    ),
    _p(
        "encodes",
        "encoded by",
        verbs="encode, code for, specify",
    ),
    _p(
        "targets",
        "targeted by",
        verbs="""
            target, attack, be directed against, be directed at, focus on, prey on, eat, consume, hunt, graze
            on, feed on, invade
        """,
    ),
    _p(
        "associated with",
        iri=_SKOS + "related",
        verbs="""
            be associated with, be linked to, be related to, be implicated in, relate to, be linked with, be
            tied to, accompany, be accompanied by, coincide with, co-occur with, associate with, be coupled
            with, correspond to
        """,
        symmetric=True,
    ),
    _p(
        "correlated with",
        iri=_OBO + "RO_0002610",
        verbs="correlate with, be correlated with, correlate to, be correlated to, covary with, be proportional to",
        symmetric=True,
    ),
    _p(
        "involved in",
        "involves",
        iri=_OBO + "RO_0002331",
        verbs="""
            be involved in, participate in, take part in, be engaged in, function in, act in, be active in,
            serve in, perform, carry out, execute, undertake
        """,
        reversed_verbs="involve",
    ),
    _p(
        "differs from",
        verbs="""
            differ from, be different from, be distinct from, diverge from, deviate from, contrast with, be
            distinguished from
        """,
        symmetric=True,
    ),
    _p(
        "similar to",
        verbs="""
            resemble, be similar to, be analogous to, be comparable to, be comparable with, be like, mimic,
            match, agree with, be homologous to, parallel, coincide
        """,
        symmetric=True,
    ),
    _p(
        "outperforms",
        "outperformed by",
        verbs="""
            outperform, surpass, beat, be superior to, be better than, outcompete, improve on, improve upon,
            improve over
        """,
        reversed_verbs="be inferior to, be worse than",
    ),
    _p(
        "exceeds",
        "less than",
        verbs="""
            exceed, be larger than, be higher than, be greater than, be stronger than, outweigh, be longer than,
            be more abundant than
        """,
        reversed_verbs="be smaller than, be lower than, be weaker than, be shorter than",
    ),
    _p(
        "precedes",
        "follows",
        iri=_OBO + "BFO_0000063",
        verbs="precede, antedate, come before, predate, be followed by",
        reversed_verbs="occur after, succeed, come after, be preceded by",
    ),
    _p(
        "used for",
        "made possible with",
        verbs="""
            be used for, be used to, be used in, be used as, be applied to, be applied for, be applied in, be
            employed for, be employed in, be employed as, be suited for, be suitable for, serve for, be utilized
            for, be utilized in, be designed for, be developed for, be useful for, be useful in, be proposed
            for, be intended for, be adopted for, address, tackle, solve, handle, deal with, be implemented for,
            be adapted for, be trained for, be exploited for, be optimized for, automate
        """,
    ),
    _p(
        "uses",
        "used by",
        verbs="use, employ, utilize, utilise, exploit, leverage, apply, adopt, harness",
    ),
    _p(
        "measured with",
        "measures",
        verbs="""
            be measured with, be measured by, be measured using, be determined with, be determined using, be
            assessed with, be assessed using, be assessed by, be quantified with, be quantified by, be
            quantified using, be analyzed with, be analysed with, be analyzed using, be analysed using, be
            analyzed by, be analysed by, be evaluated with, be evaluated using, be estimated with, be estimated
            by, be estimated using, be detected with, be detected by, be detected using, be monitored with, be
            monitored by, be monitored using, be computed with, be computed by, be computed using, be calculated
            with, be calculated using, be characterized with, be characterized using, be examined with, be
            examined by, be examined using, be imaged with, be imaged by, be imaged using, be investigated with,
            be investigated using, be studied with, be studied using, be visualized with, be visualized by, be
            visualized using, be tested with, be tested using, be identified with, be identified using, be
            recorded with, be probed with, be probed by, be confirmed by, be verified by, be
            verified with, be tracked with, be mapped with, be scored with, be tested by
        """,
        reversed_verbs="""
            measure, quantify, estimate, assess, compute, calculate, monitor, image, characterize, characterise,
            evaluate, analyze, analyse, examine, probe, record, count, sample, map, observe, test,
            investigate, study, visualize, score, approximate, infer, quantitate, survey, diagnose, reconstruct,
            resolve, query, screen, inspect
        """,
    ),
    _p(
        "detects",
        "detected by",
        verbs="""
            detect, recognize, recognise, extract, identify, sense, discover, find, discriminate, distinguish,
            classify, segment, spot, reveal, uncover, locate
        """,
    ),
    _p(
        "predicts",
        "predicted by",
        verbs="predict, forecast, anticipate, extrapolate, foreshadow, herald, be predictive of, portend",
    ),
    _p(
        "indicates",
        "indicated by",
        verbs="""
            indicate, evidence, reflect, signal, mark, signify, be indicative of, point to, be a marker of,
            imply, suggest, label, stain, color, colour, highlight
        """,
    ),
    _p(
        "represents",
        "represented by",
        verbs="""
            represent, capture, model, describe, simulate, depict, parameterize, symbolize, embody, denote, be
            modeled as, be modelled as
        """,
    ),
    _p(
        "explains",
        "explained by",
        verbs="explain, account for, elucidate, clarify, interpret, rationalize",
    ),
    _p(
        "supports the view of",
        "supported by",
        verbs="corroborate, confirm, validate, substantiate, verify, prove, be consistent with",
    ),
    _p(
        "extends",
        "extended by",
        verbs="generalize, generalise, subsume",
    ),
    _p(
        "evaluated on",
        "used to evaluate",
        verbs="be evaluated on, be tested on, be trained on, be validated on, be benchmarked on, be demonstrated on",
    ),
    _p(
        "treated with",
        "used to treat",
        verbs="""
            be treated with, be coated with, be doped with, be modified with, be functionalized with, be
            functionalised with, be labeled with, be labelled with, be stained
            with, be incubated with, be infected with, be stimulated with, be exposed to, be immersed in, be
            heated to, be cooled to, be injected with, be transfected with, be immunized with, be reduced with,
            be decorated with, be inoculated with, be irradiated with, be dissolved in, be
            subjected to, be supplied with, be fed with
        """,
        reversed_verbs="coat, decorate, dope",
    ),
    _p(
        "assigned to",
        "assigned",
        verbs="be assigned to, be allocated to, be mapped to, be added to, be transferred to",
    ),
    _p("inversely correlated with", symmetric=True),
    _p("compared with", symmetric=True, verbs="be compared with, be compared to, be compared against, compare with"),
    _p("combined with", symmetric=True, verbs="be combined with, be mixed with, be blended with"),
)

GENERAL = "acts on"
"""The predicate of a verb that no other predicate names: something does something to something."""


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Predicate]:
    return {predicate.name: predicate for predicate in PREDICATES}


def predicate_named(name: str) -> Predicate:
    """The predicate of this name. Raises NotFound, which says the nearest names."""
    found = _by_name().get(name)
    if found is None:
        raise not_found("predicate", name, _by_name(), "kg.predicates.PREDICATES lists all.")
    return found


def as_markdown() -> str:
    """The vocabulary as a table: what docs/predicates.md holds below its heading."""
    rows = ["| predicate | read backwards | term | verbs |", "|---|---|---|---|"]
    for predicate in PREDICATES:
        backwards = "the same" if predicate.symmetric else predicate.inverse or ""
        term = "" if predicate.iri is None else f"[{_curie(predicate.iri)}]({predicate.iri})"
        verbs = ", ".join(predicate.verbs)
        if predicate.reversed_verbs:
            verbs = f"{verbs}; turned round: {', '.join(predicate.reversed_verbs)}".removeprefix("; ")
        rows.append(f"| {predicate.name} | {backwards} | {term} | {verbs} |")
    return "\n".join(rows) + "\n"


def _curie(iri: str) -> str:
    if iri.startswith(_SKOS):
        return "skos:" + iri.removeprefix(_SKOS)
    return iri.removeprefix(_OBO).replace("_", ":")
