"""Customers' words for the manual's words: used to find and to weigh passages, never to check a claim. Pure.

Each line is one sense in which its words stand for each other in questions of support, or several of one theme. A word of
two senses ("charge": power, money) stands only in that which product manuals have; a word in several senses stands for the
words of each ("answer" a call, a message).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from knowledge.search.languages import AS_ENGLISH, stems
from knowledge.text import stem, words

_PARTS = re.compile(r"[a-z]+|\d+")
Term = tuple[str, ...]  # the stems of a word, or of several that belong together

# sense | words, commas between; or theme | senses, semicolons between. Words of one stem need stand there once.
_SENSES = """
keeps water out | waterproof, watertight, water resistant, water resistance, get wet, swim, swimming, underwater, rain, shower, submerge, splashproof, splash proof, rainproof, rain proof
slow to react | slow, slower, sluggish, laggy, lags, performance, optimize, optimise, optimization, speed up, lag
keeps dust out | dustproof, dust proof, dust tight, dust resistant, dust resistance
wet | wet, moisture, damp, liquid, water, sink, spill, spilled, soaked, toilet, lake, puddle, bathtub
sports band | strap, band, bracelet, wristband
no reaction | frozen, froze, freezes, freeze, hangs, hung, stuck, not responding, unresponsive, nothing reacts, not react, doesn't react, didn't react, won't react, locked up, crashed, bricked
turn on | turn on, switch on, power on, boot up, start up, turns on, switches on, turns itself on, switches itself on
turn off | turn off, switch off, power off, shut down, shutdown, switching off, turning off, turns itself off, switches itself off
start anew | restart, reboot, force restart
erase | erase, wipe, delete, clear, format
take away | delete, remove, clear, get rid of, throw out, throw away, throw off
factory state | reset, factory reset, factory data reset, factory settings, default settings, restore defaults, start from scratch
fill the battery | charge, charge the battery, charging, plugged in, filling up, fills up, top up, recharge
charger | charger, charging cable, charging dock, power adapter, plug, power supply, power brick
battery | battery, batteries, accumulator, juice, power level
hot | hot, overheat, overheats, overheating, heat, warm, temperature
cold | cold, freezing, low temperature
connect | pair, pairing, connect, link, hook up, sync, attach
disconnect | disconnect, unpair, unplug, detach, disconnected
stop callers | block, blocking, reject, blacklist, bar, nuisance, pester
caller | caller, number, phone number, contact
call | call, ring, dial, phone someone, phone somebody, rang, rung
loudness | volume, loudness, loud, quiet, louder, quieter, sound level
no sound | mute, silent, silence, quiet, no sound
sound | sound, audio, noise, tone
hear | hear, hearing, audible, sound
picture of the screen | screenshot, screen shot, screen capture, capture screen, print screen, screen grab
screen | screen, display, touchscreen, monitor
brightness | brightness, bright, dim, dark, darker, brighter
picture | picture, photo, image, photograph, snapshot, pic, pics
moving picture | video, movie, film, clip, footage, recording
camera | camera, lens, webcam
text size | font size, text size, letters bigger, bigger letters, larger text, larger, bigger, zoom, magnify, magnification
typing | keyboard, typing, type, keypad
writing by voice | dictate, dictation, speech to text, voice input
lock | lock, pin, password, passcode, pattern, unlock
fingerprint | fingerprint, finger, thumb, thumbprint
face | face recognition, face unlock, facial recognition
password | password, passphrase, pass phrase, passcode, credentials, login, access code, security code
account | user, account, profile
sign in | sign in, log in, login, log on, logon, authenticate
sign out | sign out, log out, logout, log off
update | update, upgrade, firmware, new version, newest version, latest version, new software, newer software, newer
set up | set up, setup, install, installation, configure, configuration, get started
take out | uninstall, remove, deinstall
put in | insert, put in, install, fit, mount, plug in
replace | replace, swap, exchange, change, substitute
repair | repair, fix, mend, solve, troubleshoot, troubleshooting
fault | error, fault, problem, issue, trouble, failure, bug
broken | broken, damaged, defective, faulty, cracked, broke, shattered, smashed
crack | crack, scratch, scratches, dent
clean | clean, cleaning, wash, wipe, dirt, dirty, dust
dry | dry, drying, towel, cloth
drop | drop, dropped, fall, fell, shock, impact
strong | rugged, durable, tough, robust
slow | slow, sluggish, lag, laggy, lags, performance, optimize
fast | fast, quick, speed, faster, rapid
save | save, store, keep, write, backup, back up
copy in safety | backup, back up, archive, copy, safety copy
get back | restore, recover, recovery, retrieve, undelete, get back
send over | transfer, move, copy, migrate, carry over, bring over
share | share, send, forward
export | export, output, get out, generate, produce
print | print, plot, plotting, printout
import | import, load, read in, bring in
file | file, document
folder | folder, directory
memory | memory, ram
hard disk | hard drive, hard disk, harddrive, harddisk, hdd, disk
disk space | storage, disk space, space, memory, disk, hard drive, capacity, how full, nearly full, almost full
memory card | sd card, memory card, microsd, microsd card, external storage
sim | sim, sim card, nano sim, esim
program | app, application, program, software
button | button, key, switch
side key | side key, power key, power button, on button
notice | notification, alert, message, reminder, popup, pop up, banner
do not disturb | do not disturb, quiet hours, silence notifications
text message | text message, sms, text, messages, texting
mail | email, e mail, mail, mailbox, inbox
wireless network | wifi, wi fi, wlan, wireless network, wireless, hotspot
internet over phone | tethering, mobile hotspot, hotspot, share internet
mobile network | mobile data, cellular, data connection, mobile network, roaming
flight mode | airplane mode, flight mode, aeroplane mode
internet | internet, online, web, network
browser | browser, internet, web
map position | location, gps, position, whereabouts
find a lost one | find my, lost, stolen, locate, misplaced, missing
theft | theft, thief, stolen, steal, robbed
alarm | alarm, wake up, wake me, alarm clock
countdown | timer, countdown, stopwatch
clock | clock, time
calendar | calendar, schedule, appointment, event, diary
language | language, english, tongue, locale
colour | colour, color, tint, hue
centre | centre, center, middle
metre | metre, meter, metres, meters, m
grey | grey, gray
customise | customise, customize, personalise, personalize, change, adjust
organise | organise, organize, arrange, sort
length | how long, duration
weight | weight, weigh, weighs, heavy
dimensions | size, dimensions, measurements, how big
price | price, cost, costs
guarantee | warranty, guarantee
minimum | minimum, at least, least, lowest, smallest
maximum | maximum, at most, most, highest, longest, largest, limit
requirement | requirement, requirements, require, need, needs
what a machine must be | system requirements, minimum requirements, hardware requirements, powerful, beefy, specs
permit | allow, permit, enable, grant, permissible
enable | enable, activate, turn on, switch on
disable | disable, deactivate, turn off, switch off
hide | hide, hidden, conceal, private
show | show, display, appear
choose | choose, select, pick, grab
begin | begin, start, launch
stop | stop, end, quit, exit, cancel, abort
open up | open, unfold, launch
schedule | cron, schedule, scheduled, periodic, regularly, nightly, daily, recurring
cable | cable, cord, lead, wire, wiring
earphones | headset, headphones, earphones, earbuds, earpiece
speaker | speaker, loudspeaker
television | tv, television, smart view
car | car, vehicle
child | child, kid, kids, children, parental, toddler
emergency | emergency, sos, danger
heart rate | heart rate, pulse, heartbeat, beats per minute
sleep | sleep, asleep
exercise | workout, exercise, training, sport, running, activity
steps | steps, pedometer, step count
health | health, medical
pen | pen, stylus, s pen
glove | glove, gloves, mitten
two apps at once | split screen, multi window, two apps, side by side, at the same time, next to each other
home screen | home screen, desktop, start screen, main screen
background | wallpaper, background picture, background
light | flashlight, torch, light, led
sign of state | light, lamp, led, indicator, bulb
serial number | serial number, serial, imei, device information
version | version, release, revision, build
circuit diagram | schematic, circuit diagram, circuit
circuit board | board, pcb, circuit board
part | part, component, symbol
package outline | footprint, package, land pattern
connection | wire, net, connection, trace, track
rules check of a circuit | erc, electrical rules
rules check of a board | drc, design rule check, design rules
area of copper | zone, copper pour, ground plane, copper area, copper fill, power plane
enough | enough, sufficient, adequate
by itself | auto, automatic, automatically, by itself, on its own
on purpose | on purpose, deliberately, intentional, intentionally
mark of folding | crease, fold line
parts list | bom, bill of materials, parts list, list of parts
manufacture files | gerber, fabrication, manufacturing, fab
axis zero | homing, home, zero, reference
emergency stop | estop, e stop, emergency stop
machine tool | machine, mill, lathe, router, cnc
spindle | spindle, motor
speed of feed | feed, feed rate, feedrate
moving by hand | jog, jogging, manual movement
kernel with real time | realtime, real time, latency, jitter
administrator | administrator, root, admin, superuser, sudo
terminal | terminal, console, command line, shell
process | process, program, task, job
package | package, packages, deb
list of packages | repository, source, mirror
startup | boot, startup, start up
boot loader | bootloader, boot loader, grub
graphics card | graphics, video card, gpu, graphics card
portable computer | laptop, notebook
name of a computer | hostname, host name, computer name, name of the computer, name of my computer
speed of a connection | bandwidth, connection speed, download speed, throttle
fails for good | fail, failure, die, break down, give up the ghost
height above the sea | altitude, elevation, how high
by mistake | accidental, accidentally, by mistake, by accident, unintended, unintentional
on the glass | screen protector, glass protector, protective film, tempered glass
write by hand | handwriting, scribble, jot down, doodle
move | move, shove, shift, relocate, reposition
combine | combine, merge, join, glue together, concatenate
divide | split, separate, divide
turn round | rotate, turn round, turn around, orientation
other way round | mirror, flip
take back | undo, revert, take back
rename | rename, change the name
may do | permission, permissions, access rights
warn | warn, warning, alert, notify
restrict | restrict, restriction, limit
pointer | cursor, pointer
not sharp | blurry, blurred, out of focus, fuzzy
comes and goes | flicker, flickering, blink, blinking, flash, flashing
drips | leak, leaking, leaks, drip, dripping
smell | smell, odor, odour, stink
rattle | noise, noisy, rattle, rattling, squeak, squeaking
blocked way | jam, jammed, stuck, clogged, clog, blockage
fasten | tighten, fasten
unfasten | loosen, unscrew
grease | lubricate, lubrication, grease, oil
rid of old ones | dispose, disposal, recycle, recycling
beep | beep, bell, beeping
calls | answer, pick up, take a call; decline, reject, refuse; hang up, end call; speed dial, quick dial, one touch dial; voicemail, voice mail, answering machine, mailbox
calls | contacts, address book, phone book, phonebook, contact list; call log, call history, recent calls, call list; divert, redirect, call forwarding, forward; conference, conference call, group call
calls | call waiting, second call; caller id, withheld, anonymous; speakerphone, hands free, handsfree, speaker phone
ringing | ringtone, ring tone, ringer; vibrate, buzz, haptic; silent, silent mode, without sound
people | person, people; guest, visitor; owner, ownership, belongs; cartoon, avatar; iris, eye
messages | reply, respond, answer; spam, junk, unwanted, nuisance, cold callers, scam, phishing; emoji, emoticon, smiley; conversation, chat, thread; animation, gif
photos | crop, trim, cut, shorten; slow motion, slow mo; shaky, shaking, stabilization, stabilisation, steady; gallery, album, picture collection; slideshow, slide show; zoom, enlarge, magnify, closer
screen | wake, light up, glow, illuminate, lit; black screen, blank screen, screen off, goes dark, goes black, turns black; screensaver, screen saver; dark mode, dark theme, night mode, black background
screen | blue light, eye strain, eye comfort, tired eyes; landscape, sideways, horizontal; portrait, upright, vertical; collapse, minimize, minimise
screen | transparent, opacity, see through; blank, empty; design, style, theme, appearance, new look, look and feel; view, see, watch, look at
touching | press, tap, touch, push, click; press and hold, touch and hold, long press, keep pressed, hold down; swipe down, pull down, drag down; gesture, motion, wave; lift, pick up, raise
touching | checkbox, check box, tick box, tick; more options, three dots
typing and writing | autocorrect, auto correct, predictive, spell check, spelling; uppercase, upper case, capital, caps; special characters, accents, umlauts; clipboard, paste
typing and writing | note, memo, jot down, jot, write down; draw, sketch, scribble, doodle; line ending, end of line, eol, newline, line break; autofill, auto fill, fill in, fill out
hearing and seeing | microphone, mic, mike; read aloud, read out, text to speech, screen reader, voice feedback; subtitle, captions; equalizer, equaliser, bass, treble; mono, one ear; song, music
hearing and seeing | vision, eyesight, blind, visually impaired; hearing, deaf, hard of hearing, hearing impaired; dexterity, shaky hands, shaking hands, trembling, tremor
accounts | register, registration, sign up; privilege, rights; time limit, screen time, usage time; encrypt, scramble; forbid, deny, prohibit, prevent, disallow; confirm, ask first, prompt; signature, signed, authenticity; integrity, intact
storage | free up, clean up, make room, tidy up; usb drive, usb stick, flash drive, thumb drive; eject, unmount, safely remove; compress, zip; extract, unpack, unzip, decompress; duplicate, twice; trash, recycle bin, bin, wastebasket
web | link, url, web address, hyperlink; address bar, url bar; bookmark, favorite, favourite, starred; browsing history, history, visited; incognito, private mode, secret mode, private browsing; advertising, ads, adverts
network | signal, reception, coverage; roaming, abroad, foreign country, overseas; data usage, data limit, data consumption, data plan; ethernet, lan, wired network, network cable
network | remote access, remote login, remote desktop; dns, name server, nameserver, name resolution; vpn, virtual private network; static, fixed address, fixed ip; firewall, packet filter
network | network key, wifi password, network password; remote, from afar, across the room; visible, discoverable; forget, unpair
power | drain, run down, runs out, discharge, battery life, battery usage, flat battery; power saving, save power, save battery, battery saver, low power
power | timeout, time out, inactivity, idle, nobody uses, unused, not used; mains, line voltage, wall socket, outlet, wall outlet, power outlet, ac power; earth, gnd, ground; electric shock, electrocuted
power | power cut, power failure, power outage, blackout, outage; socket, port, jack
paper | printout, hard copy; duplex, double sided, both sides; sheet, page
looking for | find, search, look for, look up; browse, leaf through, look through, page through, scroll through; compare, comparison, difference; meaning, stand for, explanation
looking for | support, helpline, hotline, customer service; manual, user guide, instructions, handbook; check, verify, test, inspect, try out
changing | change, edit, modify, alter, adjust, vary; add, put, insert, place; create, new, from scratch; custom, own, personal; improve, better, enhance; increase, raise, turn up, boost
changing | reduce, lower, decrease, turn down; assign, allocate; usual, normal, typical; default, by default, standard, preferred; simple, simpler, simplified, easy, basic
amounts | multiple, several, bulk, batch, at once; similar, nearly the same, almost the same, alike; accuracy, accurate, precise, exact; wrong, incorrect, inaccurate; distance, range, how far, reach
amounts | spacing, gap, distance; width, wide; position, coordinates; repeat, recurring, every day, daily; repeat, weekdays; initial, first time, first start, first use
programs | kill, force stop, force quit, close; run, execute, carry out; pause, interrupt; resume, continue, carry on; gui, graphical, graphical interface; service, daemon; log, journal, history
programs | virtual machine, vm, virtualization, virtualisation; outdated, obsolete; downgrade, roll back, rollback, older version, previous version, earlier version; compile, build from source
programs | hotkey, keyboard shortcut, shortcut key, key combination, keystroke, key stroke; syntax, format, notation; property, attribute, field; single step, step by step
drawing | align, line up, snap; grid, raster; highlight, light up, stand out, emphasize; arrange, layout; ruler, measure; label, identify, identification, mark; sort, order; extension, suffix, file type
machines | limit switch, end switch, end stop; backlash, slack; coolant, cutting fluid; cutter, end mill, milling cutter, cutting tool; tool change, change the tool, toolchanger
machines | rpm, revolutions, spindle speed; bounce, debounce; interference, disturb; flow, flow rate, throughput; tank, reservoir, container; bleed, vent
parts | spare part, replacement part, spare; wrench, spanner; screw, bolt; seal, gasket, o ring; hose, pipe, tube; lid, cover, cap; filter, strainer, sieve; bracket, holder, mount
parts | level, uneven, wobble, wobbly; blade, knife; lifespan, service life, lifetime; maintenance, service interval, servicing, upkeep
safety | danger, hazard, risk; injury, injured, hurt; fire, flame; rash, skin irritation, itch, itchy, allergy, allergic; pacemaker, implant, medical device; pregnancy, pregnant
safety | goggles, safety glasses, eye protection; explosion, explode; toxic, poisonous; compatible, suitable, supported
household | descale, limescale; detergent, soap, cleaning agent; disinfect, sanitize, sanitise; stain, spot; mold, mould, mildew; vacuum, hoover; washing machine, washer
household | cooktop, hob, stove; refrigerator, fridge; defrost, thaw; overflow, flood; drain, drainage, waste water; drain hose, waste pipe; faucet, tap
shopping and travel | pay, payment; transport, carry, ship; put away, store; route, directions, navigate; reminder, remember
hands and touch | key tap, keyboard sound, typing sound, clicking sound, key clicks; voice command, voice control, by voice, spoken command; wake word, voice wake up, hot word, voice activation; double press, press twice
hands and touch | one handed, single hand, one thumb, small hands; accidental touch, pocket, handbag, purse; key binding, hotkey, keyboard shortcut; double tap, tap twice, knock twice; palm, flat hand, side of the hand
hands and touch | hover, hold above, held above; left handed, lefty, southpaw; swipe, flick, slide a finger; double click, click twice; touch sensitivity, gloves; pinch, two fingers; pen tip, nib
screens | cover screen, outer screen, outside screen, front screen, small screen, outer display; screen timeout, stays on, stay lit, goes dark, turns off too soon; status bar, top bar, top of the screen
screens | quick settings, quick panel, notification panel, notification shade; recent apps, recents, multitask, switch between apps, app switcher; always on display, always on, aod, constantly on, permanently on
screens | pop up view, floating window, small window, picture in picture; screen mirroring, smart view, cast, telly; full screen, whole screen, entire screen, black bars; resolution, pixels, sharpness
screens | navigation bar, bottom of the screen, back button; refresh rate, motion smoothness, smooth scrolling, choppy; screen recorder, record the screen, screencast; toolbar, tool bar, row of buttons, icon bar
easier to see and hear | color blind, colour blind, colorblind, colourblind, color correction, color adjustment; sound balance, left and right balance, louder on one side; surround, surround sound, dolby, spatial sound
easier to see and hear | inverted, negative colors, color inversion; easy mode, simple mode, elderly, seniors; translate, interpreter, foreign language; contrast, hard to read, easier to read; magnifier, magnifying glass
easier to see and hear | volume limit, too loud, hearing damage; badge, red dot, number on the icon; tty, rtt, real time text, teletype; hearing aid, hearing device
phones | quick responses, canned replies, ready made replies, ready made answers, prewritten, decline with a message; carrier, service provider, network operator, mobile operator, phone company, network provider
phones | spam calls, scam calls, nuisance calls, unwanted calls, robocalls, telemarketers, call filter; factory reset protection, frp, activation lock, previous owner; multi party, three way call, conference call, on the line too, all three, third person
phones | old phone, old device, previous phone, previous device; airplane mode, during a flight, while flying; unknown apps, unknown sources, sideload, apk; network unlock, sim unlock, carrier lock; tray, drawer
phones | dual, two at once, simultaneously; emergency, ambulance, police, distress; world clock, time zone, other cities; app store, play store, download apps; preinstalled, preloaded, bloatware; computer, pc
phones | security update, security patch; missed call, unanswered call; wifi calling, call over wifi; daylight saving, summer time; nearby, close by, vicinity; ejection pin, paper clip
family | secure folder, private folder, locked folder, vault; parental controls, childproof, child proof, child lock; digital wellbeing, screen time, phone use, time spent
pictures taken | live focus, blur the background, blurred background, background blur, bokeh, portrait mode; selfie, front camera, picture of myself, front facing camera; shoot, take a picture, take pictures, photograph
pictures taken | low light, poor light, dim light, in the dark, night mode; shooting mode, camera mode, photo mode; time lapse, timelapse, hyperlapse; panorama, panoramic
power and data | diagnostic data, diagnostic information, usage data, telemetry, crash report; power share, powershare, share battery, charge another, reverse charging; wireless, cordless, without a cable, without wires
power and data | wireless charging, charging pad, charging mat, inductive; data usage, how much data, data allowance; nfc, contactless, tap and pay, tap to pay; event, appointment; gift card, voucher
power and data | data saver, save data, use less data; credit card, debit card, bank card; sync, synchronize, synchronise; ssid, network name, wifi name; cloud, online storage
body and day | stress, anxious, nervous, calm down, relax; wear, worn, around the wrist; calculator, sums, arithmetic; breathing, deep breaths; exercise, gym, work out
papers | getting started, first steps, beginner, newbie, novice, newcomer; bug report, report a bug, file a bug, tell the developers; forum, mailing list, community, discussion group; glossary, terminology, definitions
papers | license, licence, terms of use; tutorial, lesson, walkthrough; precaution, caution, careful; liability, liable
files and text | character set, charset, text encoding, unicode, utf 8, garbled, gibberish; file manager, file browser, file explorer, my files; regex, regular expression, search pattern; presentation, slides, powerpoint
files and text | disk image, iso, disc image, cd image; symlink, symbolic link, soft link; timestamp, time stamp, date stamp; overwrite, shred, erase; text editor, notepad; temporary, temp, tmp; checksum, md5, hash
systems | deprecated, discontinued, phased out, obsolete, no longer supported; autostart, at boot, at startup, start automatically; passwordless, without password, without a password; dependency, depends on, prerequisite
systems | exit status, exit code, return code, return value; version control, revision control, track changes; purge, remove completely, remove all traces; mail server, mta, mail transport agent; ssd, solid state drive
systems | backtrace, stack trace, traceback; sandbox, isolated, chroot, jail; spoof, fake, pretend, disguise; alias, nickname, short name; serial port, uart, com port; rescue, recovery, salvage; bootable, boot from
several | weather, forecast; spreadsheet, excel; glob, wildcard; gnupg, gpg
boards | hierarchical, hierarchy, subsheet, nested; board outline, board shape, board contour; stackup, layer count, number of layers; no connection, unconnected, unused pin; reference designator, annotation
boards | netlist, list of connections; 3d, three dimensional
axes and motors | jog wheel, handwheel, hand wheel, mpg, pulse generator; rotary encoder, position sensor, position feedback; variable frequency drive, vfd, frequency converter; electrical noise, interference, emi
axes and motors | pendant, hand controller, handheld controller; rotary table, indexer, rotary axis; velocity, speed, how fast; shielded, screened cable; stepper, step motor; lube, lubricate
forms that no stem joins | send, sent; write, wrote, written; take, took, taken; lose, lost; find, found; keep, kept; speak, spoke, spoken, talk; hear, heard; steal, stole, stolen; buy, bought
forms that no stem joins | build, built; choose, chose, chosen; draw, drew, drawn; sleep, slept; hold, held; burn, burnt; shake, shook, shaken; wake, woke, woken; forget, forgot, forgotten; bend, bent
forms that no stem joins | tear, torn, tore; swell, swollen; run, ran; begin, began, begun; fall, fell, fallen; teach, taught; understand, understood
"""

_NONE: frozenset[Term] = frozenset()
_NO_OWN: Mapping[Term, frozenset[Term]] = MappingProxyType({})
LONGEST_PHRASE = 4  # words of the longest phrase


@lru_cache(maxsize=1)
def _classes() -> tuple[tuple[Term, ...], ...]:
    """The terms of each sense, as stems."""
    lines = (line.split("|", 1)[1] for line in _SENSES.splitlines() if "|" in line)
    senses = (sense for line in lines for sense in line.split(";"))
    return tuple(
        tuple(dict.fromkeys(tuple(map(stem, words(part))) for part in sense.split(",")))
        for sense in senses
    )


@lru_cache(maxsize=1)
def _by_term() -> Mapping[Term, tuple[int, ...]]:
    found: dict[Term, list[int]] = {}
    for number, terms in enumerate(_classes()):
        for term in terms:
            found.setdefault(term, []).append(number)
    return {term: tuple(numbers) for term, numbers in found.items()}


def spellings_of_codes(order: Sequence[str]) -> dict[str, frozenset[Term]]:
    """For the codes of a question, how else they may be written: "E04" as "E-04", "2.4GHz" as "2.4 GHz", and the other
    way round. ``order`` are all stems of the question, in order."""
    found: dict[str, set[Term]] = {}
    for word in order:
        parts = tuple(_PARTS.findall(word))
        if len(parts) == 2:
            found.setdefault(word, set()).add(parts)
    for first, second in zip(order, order[1:], strict=False):
        if first.isalpha() and len(first) <= 3 and second.isdigit():
            for word in (first, second):
                found.setdefault(word, set()).add((first + second,))
    return _frozen(found)


def both_ways(
    pairs: Sequence[tuple[str, str]], language: str = "en"
) -> dict[Term, frozenset[Term]]:
    """What each term of a library's own synonyms may stand for, as stems of a language."""
    found: dict[Term, set[Term]] = {}
    for pair in pairs:
        one, other = (tuple(stems(text, language)) for text in pair)
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {term: frozenset(others) for term, others in found.items()}


def alternatives(
    order: Sequence[str],
    wanted: frozenset[str],
    own: Mapping[Term, frozenset[Term]] = _NO_OWN,
    language: str = "en",
) -> dict[str, frozenset[Term]]:
    """For stems of a question, what may stand in a manual in their place.

    ``order`` are all stems of the question, in order; ``wanted`` those that carry meaning; ``own`` are the library's
    synonyms; those of every library are English. A phrase gives each of its words that is wanted what the whole phrase may stand for.
    What the question says itself stands for nothing else in it: with "phone call" a manual's "phone" is no call. But "reset to
    factory settings" may be called "factory reset".
    """
    said = set(order)
    known = _by_term() if language in AS_ENGLISH else {}
    found: dict[str, set[Term]] = {}
    for size in range(LONGEST_PHRASE, 0, -1):
        for first in range(len(order) - size + 1):
            term = tuple(order[first : first + size])
            others = set(own.get(term, _NONE)).union(*(_classes()[n] for n in known.get(term, ())))
            for word in wanted.intersection(term) if others else ():
                found.setdefault(word, set()).update(
                    other
                    for other in others
                    if not said.issuperset(other) or (size > 1 and not set(term).isdisjoint(other))
                )
    for pair in zip(order, order[1:], strict=False):  # "water proof"
        term = (stem("".join(pair)),)
        for number in known.get(term, ()):
            for word in wanted.intersection(pair):
                found.setdefault(word, set()).update({term, *_classes()[number]})
    return _frozen(found)


def either(
    one: Mapping[str, frozenset[Term]], other: Mapping[str, frozenset[Term]]
) -> dict[str, frozenset[Term]]:
    """What either of two mappings holds for each stem."""
    return {word: one.get(word, _NONE) | other.get(word, _NONE) for word in {**one, **other}}


def _frozen(found: Mapping[str, set[Term]]) -> dict[str, frozenset[Term]]:
    return {word: frozenset(others) for word, others in found.items()}
