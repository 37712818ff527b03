/** Was abgelehnt wird, wo es um Moderation, andere Server und Verwaltung geht, auf Deutsch. */
import type { Refusals } from "./refusals.ts";

export const staffRefusals: Refusals = {
  "There is no such account.": "Dieses Konto gibt es nicht.",
  "There is no such report.": "Diese Meldung gibt es nicht.",
  "Somebody else has changed this report. Look again.":
    "Jemand anderes hat diese Meldung geändert. Sieh noch einmal hin.",
  "There are too many notes here already.": "Hier sind schon zu viele Notizen.",
  "Say which post is to be hidden.": "Sag, welcher Beitrag verborgen werden soll.",
  "There is no such post by this person.": "Von diesem Menschen gibt es keinen solchen Beitrag.",
  "That is so already.": "Das ist schon so.",
  "You decided this yourself. Let somebody else of the staff say that it stays so.":
    "Du hast das selbst entschieden. Dass es dabei bleibt, soll jemand anderes sagen, der hier moderiert.",
  "There is no such decision.": "Diese Entscheidung gibt es nicht.",
  "Each decision can be appealed once, while it holds.":
    "Gegen jede Entscheidung kann man einmal Einspruch erheben, solange sie gilt.",
  "This is the server itself. Nobody can decide about it.":
    "Das ist der Server selbst. Über ihn kann niemand entscheiden.",
  "Only of somebody who is suspended everything can be deleted.":
    "Alles löschen kann man nur von jemandem, der gesperrt ist.",
  "This person has appealed. Answer that first.":
    "Dieser Mensch hat Einspruch erhoben. Beantworte ihn zuerst.",
  "Somebody else was quicker. Look at it again.": "Jemand anderes war schneller. Sieh es dir noch einmal an.",
  "Choose a role.": "Wähle eine Rolle.",
  "This person does not wait any more.": "Dieser Mensch wartet nicht mehr.",
  "The account is closed already.": "Das Konto ist schon geschlossen.",
  "The account is closed for good: all that was in it is deleted.":
    "Das Konto ist endgültig geschlossen: Alles darin ist gelöscht.",
  "This person is suspended. Take that back on their page among Reports and People.":
    "Dieser Mensch ist gesperrt. Nimm das auf seiner Seite unter Menschen zurück.",
  "The account is not closed.": "Das Konto ist nicht geschlossen.",
  "This is the last admin. Make somebody else one first.":
    "Sonst verwaltet niemand diesen Server. Gib zuerst jemand anderem diese Rolle.",
  "There must be one admin. Make somebody else one first.":
    "Jemand muss diesen Server verwalten. Gib zuerst jemand anderem diese Rolle.",

  "This is text.": "Das ist Text.",
  "Write a whole address, like https://code.example/commons, or leave it empty.":
    "Schreib eine ganze Adresse wie https://code.example/commons, oder lass es leer.",
  "Choose one of {}.": "Wähle eines davon: {}.",
  "Write a whole number from {} to {}.": "Schreib eine ganze Zahl von {} bis {}.",
  "“{}” is not a domain. Write it like school.example.":
    "„{}“ ist keine Domain. Schreib sie wie schule.example.",
  "Name at least one language.": "Nenne mindestens eine Sprache.",
  "Write languages as codes such as en, de or pt-BR.": "Schreib Sprachen als Kürzel wie en, de oder pt-BR.",
  "Name at most {}.": "Nenne höchstens {}.",
  "Name at least one domain whose addresses may sign up.":
    "Nenne mindestens eine Domain, mit deren Adressen man sich registrieren darf.",
  "There is no setting “{}”.": "Die Einstellung „{}“ gibt es nicht.",

  "Choose what the rule does.": "Wähle, was die Regel tut.",
  "This is this server's own domain.": "Das ist die Domain dieses Servers.",
  "This is not a domain. Write it like school.example.":
    "Das ist keine Domain. Schreib sie wie schule.example.",
  "There is no such rule any more.": "Diese Regel gibt es nicht mehr.",
  "Choose with whom this server exchanges things.": "Wähle, mit wem sich dieser Server austauscht.",
  "A list may have at most {} MB.": "Eine Liste darf höchstens {} MB haben.",
  "The list names more than {} domains. Split it.": "Die Liste nennt mehr als {} Domains. Teile sie.",
  "The list names no domain.": "Die Liste nennt keine Domain.",
  "The file is no text in UTF-8. Save it as UTF-8, and try again.":
    "Die Datei ist kein Text in UTF-8. Speichere sie als UTF-8 und versuche es noch einmal.",
  "The file is no JSON list of domains.": "Die Datei ist keine Liste von Domains in JSON.",
  "Nothing was read in.": "Nichts wurde eingelesen.",
  "Line {}: a quotation mark is opened and never closed.":
    "Zeile {}: Ein Anführungszeichen wird geöffnet und nie geschlossen.",
  "“{}” is not a domain.": "„{}“ ist keine Domain.",
  "“{}” is no severity. Write suspend, silence or noop.":
    "„{}“ ist keine Stufe. Schreib suspend, silence oder noop.",
  "Write true or false for media and reports.": "Schreib true oder false bei Medien und Meldungen.",
  "There is no such list. It was given up meanwhile.":
    "Diese Liste gibt es nicht. Sie wurde inzwischen abbestellt.",
  "The address answered {}.": "Die Adresse antwortete mit {}.",
  "There are {} lists already. Give one up first.": "Es sind schon {} Listen. Bestelle zuerst eine ab.",
  "Write the whole address of the list, with https://.": "Schreib die ganze Adresse der Liste, mit https://.",
  "This list is subscribed to already.": "Diese Liste ist schon bestellt.",
  "Nothing of this list waits any more.": "Von dieser Liste wartet nichts mehr.",

  "This server has never met that one.": "Dieser Server ist jenem noch nie begegnet.",
  "It answered {}.": "Er antwortete mit {}.",
  "It has not answered for a long time, so nothing is sent before it shows life.":
    "Er antwortet seit langer Zeit nicht. Bis er sich meldet, wird nichts geschickt.",
  "It has not answered while this waited.": "Er hat nicht geantwortet, solange das wartete.",
  "It was deleted before it could be delivered.": "Es wurde gelöscht, bevor es zugestellt war.",
  "Its author let it go.": "Wer es schrieb, hat es aufgegeben.",
  "The people who run this server let it go.":
    "Die Menschen, die diesen Server betreiben, haben es aufgegeben.",
  "The people who run this server have stopped deliveries to it.":
    "Die Menschen, die diesen Server betreiben, schicken ihm zurzeit nichts.",
  "The people who run this server have stopped deliveries to that one.":
    "Die Menschen, die diesen Server betreiben, schicken jenem zurzeit nichts.",
  "Nobody at that server can be written to any more.": "An jenem Server lässt sich niemandem mehr schreiben.",
  "This post is not on its way to that server.": "Dieser Beitrag ist nicht unterwegs zu jenem Server.",
  "There is no such relay.": "Dieses Relay gibt es nicht.",
  "There is no relay at this address.": "Unter dieser Adresse ist kein Relay.",
  "Enter the address of a relay: https://relay.example/inbox":
    "Gib die Adresse eines Relays an: https://relay.example/inbox",
  "This server is no relay of its own.": "Dieser Server ist kein Relay für sich selbst.",
  "This server has nothing to do with {}.": "Dieser Server hat mit {} nichts zu tun.",
  "This relay is in the list already.": "Dieses Relay steht schon in der Liste.",
  "Remove one first: {} relays are the most.": "Entferne zuerst eines: Mehr als {} Relays gehen nicht.",
  "Enter a number from 0 to {}.": "Gib eine Zahl von 0 bis {} an.",

  "This server is closed: it exchanges nothing with other servers.":
    "Dieser Server ist geschlossen: Er tauscht sich mit keinem anderen aus.",
  "This server exchanges things with its partners alone, and {} is none of them.":
    "Dieser Server tauscht sich nur mit seinen Partnern aus, und {} gehört nicht dazu.",
  "This server takes nothing from {} and sends nothing there.":
    "Dieser Server nimmt von {} nichts an und schickt nichts dorthin.",
  "This is not a web address that can be fetched. Check how it is written.":
    "Das ist keine Webadresse, die sich abrufen lässt. Prüfe, wie sie geschrieben wird.",
  "{} is only offered without encryption. Use an https address.":
    "{} gibt es nur unverschlüsselt. Nimm eine Adresse mit https.",
  "{} is on a port that this server does not fetch from. Use port 443.":
    "{} liegt an einem Port, von dem dieser Server nichts abruft. Nimm Port 443.",
  "The name {} leads nowhere. Check how it is written, or try again later.":
    "Der Name {} führt nirgendwohin. Prüfe, wie er geschrieben wird, oder versuche es später.",
  "{} is inside a private network, where this server fetches nothing.":
    "{} liegt in einem privaten Netz, aus dem dieser Server nichts abruft.",
  "{} does not accept connections. Try again later.": "{} nimmt keine Verbindungen an. Versuche es später.",
  "{} broke off the connection. Try again later.": "{} hat die Verbindung abgebrochen. Versuche es später.",
  "{} has no valid certificate. Its operator has to renew it.":
    "{} hat kein gültiges Zertifikat. Wer den Server betreibt, muss es erneuern.",
  "{} took too long to answer. Try again later.": "{} hat zu lange nicht geantwortet. Versuche es später.",
  "Too many requests to {} are under way. Try again later.":
    "Zu viele Anfragen an {} sind unterwegs. Versuche es später.",
  "{} answered with more than this server accepts.": "{} antwortete mit mehr, als dieser Server annimmt.",
  "{} redirects too often. Its operator has to mend that.":
    "{} leitet zu oft weiter. Wer den Server betreibt, muss das beheben.",
  "{} answered with something that is not HTTP.": "{} antwortete mit etwas, das kein HTTP ist.",

  "There can be {} announcements. Remove one first.": "Es kann {} Ankündigungen geben. Entferne zuerst eine.",
  "There is no such announcement any more.": "Diese Ankündigung gibt es nicht mehr.",
  "It cannot end before it begins.": "Sie kann nicht enden, bevor sie beginnt.",
  "A name has 2 to 50 letters, digits and underscores.":
    "Ein Name hat 2 bis 50 Buchstaben, Ziffern und Unterstriche.",
  "There is an emoji of this name already.": "Ein Emoji mit diesem Namen gibt es schon.",
  "There can be {} emoji. Remove one first.": "Es kann {} Emoji geben. Entferne zuerst eines.",
  "There is no such emoji any more.": "Dieses Emoji gibt es nicht mehr.",
  "A group's name has at most {} characters.": "Der Name einer Gruppe hat höchstens {} Zeichen.",

  "If it is in your own network, whoever runs this machine can name it in the setting private_sign_in_hosts.":
    "Liegt es in eurem eigenen Netz, kann, wer die Maschine betreibt, es in der Einstellung private_sign_in_hosts nennen.",
  "Only an admin decides where people sign in with. Ask one.":
    "Womit man sich anmeldet, entscheidet die Verwaltung. Frag jemanden von dort.",
  "This is not an address that begins with https://.": "Das ist keine Adresse, die mit https:// beginnt.",
  "Choose who may come.": "Wähle, wer kommen darf.",
  "Name at least one domain whose addresses may come.":
    "Nenne mindestens eine Domain, mit deren Adressen man kommen darf.",
  "There is no such place. It may be gone already.":
    "Diesen Ort gibt es nicht. Vielleicht ist er schon entfernt.",
  "OpenID Connect needs the scope openid.": "OpenID Connect braucht den Scope openid.",
  "There are {} places already. Take one away first.": "Es sind schon {} Orte. Entferne zuerst einen.",
  "This place is gone already.": "Dieser Ort ist schon entfernt.",
  "This is missing.": "Das fehlt.",
};
