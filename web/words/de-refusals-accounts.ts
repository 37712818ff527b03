/** Was abgelehnt wird, wo es um Konten, Anmelden und Einstellungen geht, auf Deutsch. */
import type { Refusals } from "./refusals.ts";

export const accountRefusals: Refusals = {
  "Sign in first.": "Melde dich zuerst an.",
  "Sign in.": "Melde dich an.",
  "No activity alone closes or moves an account: that is done on the pages of this server, where people show who they are.":
    "Ein Konto schließt oder zieht man nur auf den Seiten dieses Servers um, wo man zeigt, wer man ist.",
  "This account is closed.": "Dieses Konto ist geschlossen.",
  "This account is not active.": "Dieses Konto ist nicht aktiv.",
  "This is for the people who run this server. Ask one of them.":
    "Das ist für die Menschen, die diesen Server betreiben. Frag jemanden von ihnen.",
  "Name languages by their codes, such as en or de.": "Nenne Sprachen mit ihrem Kürzel, etwa en oder de.",
  "Name the language by its code, such as en or de.": "Nenne die Sprache mit ihrem Kürzel, etwa en oder de.",
  "This passkey belongs to another account. Choose another one.":
    "Dieser Passkey gehört zu einem anderen Konto. Wähle einen anderen.",
  "Your account waits for the people who run this server to let you in.":
    "Dein Konto wartet darauf, dass die Menschen, die diesen Server betreiben, es freigeben.",
  "Your account was closed by the people who run this server.":
    "Die Menschen, die diesen Server betreiben, haben dein Konto geschlossen.",
  "That took too long, or there were too many tries. Sign in again.":
    "Das hat zu lange gedauert, oder es waren zu viele Versuche. Melde dich noch einmal an.",
  "You tried many addresses. Wait a little, then try again.":
    "Du hast viele Adressen probiert. Warte ein wenig und versuche es dann noch einmal.",
  "This account is closed for good already.": "Dieses Konto ist schon endgültig geschlossen.",
  "Nobody else owns {}. Make somebody else an owner, or delete the group.":
    "{} leitet sonst niemand. Nimm jemand anderen in die Leitung auf oder lösche die Gruppe.",
  "{} does not accept this server: the id or the secret is wrong. Tell the people who run this server.":
    "{} nimmt diesen Server nicht an: Die Kennung oder das Geheimnis stimmt nicht. Sag es den Menschen, die diesen Server betreiben.",
  "{} calls itself {}. The people who run this server have to write its address so.":
    "{} nennt sich selbst {}. So müssen die Menschen, die diesen Server betreiben, die Adresse schreiben.",
  "Too many attempts. Wait a little, then try again.":
    "Zu viele Versuche. Warte ein wenig und versuche es dann noch einmal.",
  "This link is no good any more. `commons setup-link` prints a new one, unless somebody has claimed the server already.":
    "Dieser Link gilt nicht mehr. `commons setup-link` zeigt einen neuen, wenn der Server noch niemandem gehört.",
  "Too many codes were wrong. Wait a little, then try again.":
    "Zu viele Codes waren falsch. Warte ein wenig und versuche es dann noch einmal.",
  "You may not do this to this person. Ask an admin.":
    "Bei diesem Menschen darfst du das nicht. Frag jemanden aus der Verwaltung.",
  "This code is not right, or was used already. Wait for the next one.":
    "Dieser Code stimmt nicht, oder er wurde schon benutzt. Warte auf den nächsten.",
  "This code was used already.": "Dieser Code wurde schon benutzt.",
  "An app for codes is set up already. Take it away first.":
    "Eine App für Codes ist schon eingerichtet. Entferne sie zuerst.",
  "A password has at least {} characters. Four words do well.":
    "Ein Passwort hat mindestens {} Zeichen. Vier Wörter sind gut.",
  "A password has at most {} characters.": "Ein Passwort hat höchstens {} Zeichen.",
  "The password is too close to your name. Choose another.":
    "Das Passwort ist deinem Namen zu ähnlich. Wähle ein anderes.",
  "This password is easy to guess. Use more different characters.":
    "Dieses Passwort ist leicht zu erraten. Nimm mehr verschiedene Zeichen.",
  "Too many people are signing in right now. Try again in a moment.":
    "Gerade melden sich zu viele an. Versuche es gleich noch einmal.",
  "You have {} linked accounts. Take one away first.": "Du hast {} verbundene Konten. Entferne zuerst eines.",
  "Your account at {} is linked to an account here already.":
    "Dein Konto bei {} ist schon mit einem Konto hier verbunden.",
  "You could not sign in any more. Set a password or add a passkey first.":
    "Du könntest dich nicht mehr anmelden. Setze zuerst ein Passwort, oder füge einen Passkey hinzu.",
  "You cannot invite people here. Ask those who run this server.":
    "Du kannst hier niemanden einladen. Frag die Menschen, die diesen Server betreiben.",
  "You have {} open invitations. End some first.": "Du hast {} offene Einladungen. Beende zuerst einige.",
  "This invitation is over already.": "Diese Einladung ist schon zu Ende.",
  "An invitation is for 1 to {} people.": "Eine Einladung gilt für 1 bis {} Menschen.",
  "Choose a day that is still to come.": "Wähle einen Tag, der noch kommt.",
  "Invite a member or a teacher.": "Lade ein Mitglied oder eine Lehrkraft ein.",
  "Only those who run the server can invite teachers.":
    "Lehrkräfte kann nur einladen, wer den Server betreibt.",
  "You are the last admin. Make somebody else one first.":
    "Niemand außer dir verwaltet diesen Server. Gib zuerst jemand anderem diese Rolle.",
  "Nobody but you owns {}. Make somebody else an owner, or delete the group.":
    "Niemand außer dir leitet {}. Nimm jemand anderen in die Leitung, oder lösche die Gruppe.",
  "Choose a name.": "Wähle einen Namen.",
  "A name has at most {} characters.": "Ein Name hat höchstens {} Zeichen.",
  "A name has only the letters a to z, digits and the underscore.":
    "Ein Name hat nur die Buchstaben a bis z, Ziffern und den Unterstrich.",
  "This name is kept for the server itself. Choose another.":
    "Dieser Name ist dem Server selbst vorbehalten. Wähle einen anderen.",
  "This is not an e-mail address. It looks like name@school.example.":
    "Das ist keine E-Mail-Adresse. Sie sieht aus wie name@schule.example.",
  "The name shown has at most {} characters.": "Der angezeigte Name hat höchstens {} Zeichen.",
  "Your device's answer is not right. Try again.":
    "Die Antwort deines Geräts stimmt nicht. Versuche es noch einmal.",
  "This passkey is not known here, or not any more. Sign in in another way, and take it off your device.":
    "Dieser Passkey ist hier nicht oder nicht mehr bekannt. Melde dich anders an, und lösche ihn von deinem Gerät.",
  "That took too long. Try again.": "Das hat zu lange gedauert. Versuche es noch einmal.",
  "You have {} passkeys. Take one away first.": "Du hast {} Passkeys. Entferne zuerst einen.",
  "This passkey is known here already.": "Dieser Passkey ist hier schon bekannt.",
  "This passkey is gone already.": "Dieser Passkey ist schon entfernt.",
  "You could not sign in any more. Set a password or add another passkey first.":
    "Du könntest dich nicht mehr anmelden. Setze zuerst ein Passwort, oder füge einen anderen Passkey hinzu.",
  "This is not your password.": "Das ist nicht dein Passwort.",
  "You may not set a password for this person.": "Für diesen Menschen darfst du kein Passwort setzen.",
  "You could not sign in any more. Add a passkey or link another account first.":
    "Du könntest dich nicht mehr anmelden. Füge zuerst einen Passkey hinzu, oder verbinde ein anderes Konto.",
  "The password was changed in another place just now. Sign in again.":
    "Das Passwort wurde gerade an anderer Stelle geändert. Melde dich noch einmal an.",
  "This link is no good any more. Ask for a new one.": "Dieser Link gilt nicht mehr. Bitte um einen neuen.",
  "There is no account with the name “{}” here.": "Hier gibt es kein Konto mit dem Namen „{}“.",
  "There is another account with this address.": "Ein anderes Konto hat diese Adresse.",
  "A profile has at most {} lines.": "Ein Profil hat höchstens {} Zeilen.",
  "Name servers such as news.example.": "Nenne Server, etwa nachrichten.example.",
  "The name or the code is wrong, or the code was used already.":
    "Der Name oder der Code ist falsch, oder der Code wurde schon benutzt.",
  "This browser is signed out already.": "Dieser Browser ist schon abgemeldet.",
  "The name or the password is wrong.": "Der Name oder das Passwort ist falsch.",
  "Nobody can sign up here at the moment.": "Zurzeit kann sich hier niemand registrieren.",
  "You need an invitation to sign up here. Ask somebody who is here already.":
    "Um dich hier zu registrieren, brauchst du eine Einladung. Frag jemanden, der schon hier ist.",
  "Too many people are waiting to be let in. Try again in some days.":
    "Zu viele Menschen warten auf Aufnahme. Versuche es in einigen Tagen noch einmal.",
  "Too many accounts were made from your network. Try again later.":
    "Aus deinem Netz wurden zu viele Konten angelegt. Versuche es später noch einmal.",
  "Use an address at {}.": "Nimm eine Adresse bei {}.",
  "This invitation is no good any more. Ask for a new one.":
    "Diese Einladung gilt nicht mehr. Bitte um eine neue.",
  "Somebody has this name already. Choose another.": "Diesen Namen hat schon jemand. Wähle einen anderen.",
  "There is an account with this address already. Sign in instead.":
    "Mit dieser Adresse gibt es schon ein Konto. Melde dich damit an.",
  "There is an account here for this already. Sign in with it.":
    "Dafür gibt es hier schon ein Konto. Melde dich damit an.",
  "Somebody was made here at the same moment. Start again.":
    "Im selben Augenblick wurde hier jemand anderes angelegt. Fang noch einmal an.",
  "Accounts of other servers are not good here. Ask those who run this one.":
    "Konten anderer Server gelten hier nicht. Frag die Menschen, die diesen betreiben.",
  "That server was asked too often. Wait a little, then try again.":
    "Jener Server wurde zu oft gefragt. Warte ein wenig und versuche es dann noch einmal.",
  "This is not the name of a server. It looks like school.example.":
    "Das ist nicht der Name eines Servers. Er sieht aus wie schule.example.",
  "This server is here. Sign in with your name and password.":
    "Das ist dieser Server. Melde dich mit Namen und Passwort an.",
  "{} is no server whose accounts are good here. Check how it is written.":
    "{} ist kein Server, dessen Konten hier gelten. Prüfe, wie er geschrieben wird.",
  "This answer belongs to another browser or another place. Sign in again.":
    "Diese Antwort gehört zu einem anderen Browser oder an einen anderen Ort. Melde dich noch einmal an.",
  "That took too long, or was done already. Sign in again.":
    "Das hat zu lange gedauert, oder es ist schon geschehen. Melde dich noch einmal an.",
  "You said no at {}. Nothing was changed here.": "Du hast bei {} abgelehnt. Hier hat sich nichts geändert.",
  "This place is gone. Sign in in another way.": "Diesen Ort gibt es nicht mehr. Melde dich anders an.",
  "{} does not say how to sign in there. The people who run this server have to check its address.":
    "{} sagt nicht, wie man sich dort anmeldet. Die Menschen, die diesen Server betreiben, müssen die Adresse prüfen.",
  "{} cannot tell whether you signed in there just now. Show in another way who you are.":
    "{} kann nicht sagen, ob du dich dort gerade angemeldet hast. Zeige auf andere Weise, wer du bist.",
  "{} does not say that you signed in there just now. Sign out here and in again, or show in another way who you are.":
    "{} sagt nicht, dass du dich dort gerade angemeldet hast. Melde dich hier ab und wieder an, oder zeige auf andere Weise, wer du bist.",
  "{} could not sign you in just now. Try again; if it stays so, tell the people who run this server.":
    "{} konnte dich gerade nicht anmelden. Versuche es noch einmal; bleibt es so, sag es den Menschen, die diesen Server betreiben.",
  "{} gave an answer that cannot be trusted. Try again; if it stays so, tell the people who run this server.":
    "{} gab eine Antwort, der nicht zu trauen ist. Versuche es noch einmal; bleibt es so, sag es den Menschen, die diesen Server betreiben.",
  "Somebody else is signed in by now. Begin again.":
    "Inzwischen ist jemand anderes angemeldet. Fang noch einmal an.",
  "That was another account. Choose the one that is linked.":
    "Das war ein anderes Konto. Wähle das verbundene.",
  "Type {}, your name here, to close your account.":
    "Schreib {}, deinen Namen hier, um dein Konto zu schließen.",
  "Show once more who you are, then do it again.": "Zeige noch einmal, wer du bist, und tu es dann erneut.",
  "The form does not say what the passkey is for.": "Das Formular sagt nicht, wofür der Passkey ist.",
  "That took too long. Sign in again.": "Das hat zu lange gedauert. Melde dich noch einmal an.",
  "This form goes elsewhere. Load the page again.": "Dieses Formular führt anderswohin. Lade die Seite neu.",
  "Write your name here, not your e-mail address.": "Schreib deinen Namen hier, nicht deine E-Mail-Adresse.",
  "This account is not closed. You can sign in.":
    "Dieses Konto ist nicht geschlossen. Du kannst dich anmelden.",
  "You have answered already, or there is nothing to answer.":
    "Du hast schon geantwortet, oder es gibt nichts zu beantworten.",
  "First name this account at your new one, in its settings for moving.":
    "Nenne zuerst dieses Konto bei deinem neuen, dort in den Einstellungen für den Umzug.",
  "Nobody of this name was found. Enter it as @name@server.example.":
    "Niemand mit diesem Namen wurde gefunden. Schreib ihn als @name@server.example.",
  "This is the account that you use now.": "Das ist das Konto, das du gerade benutzt.",
  "Remove one first: {} are the most.": "Entferne zuerst eines: Mehr als {} gehen nicht.",
  "You have moved lately. Wait until 30 days are over.":
    "Du bist vor Kurzem umgezogen. Warte, bis 30 Tage vorüber sind.",
  "Your archive was made lately. Make the next one tomorrow.":
    "Dein Archiv wurde vor Kurzem gemacht. Mach morgen das nächste.",
  "Too many archives lie here at the moment. Make yours in some days.":
    "Zurzeit liegen hier zu viele Archive. Mach deines in einigen Tagen.",
  "There is no archive of yours. Make one first.": "Von dir gibt es kein Archiv. Mach zuerst eines.",
  "Nothing in this file can be read. Choose the list that it is.":
    "In dieser Datei lässt sich nichts lesen. Wähle, welche Liste es ist.",
  "Cut the file: {} lines are the most.": "Kürze die Datei: Mehr als {} Zeilen gehen nicht.",
  "Line {} opens a quote that nothing closes.":
    "In Zeile {} beginnt ein Anführungszeichen, das nichts schließt.",
  "This file is too large to be such a list.": "Diese Datei ist zu groß für so eine Liste.",
  "Say which list it is.": "Sag, welche Liste es ist.",
  "This program is not known here. Ask it to sign in anew.":
    "Dieses Programm ist hier nicht bekannt. Melde dich in ihm noch einmal an.",
  "The person said no.": "Es wurde abgelehnt.",
  "The program wants to send you to an address that it did not register.":
    "Das Programm will dich zu einer Adresse schicken, die es nicht genannt hat.",
  "This program is shut out already.": "Dieses Programm ist schon ausgesperrt.",
  "You tried many programs. Wait a little.": "Du hast viele Programme versucht. Warte ein wenig.",
  "This program says that it is described at its address, but nothing that could be read is there.":
    "Dieses Programm soll an seiner Adresse beschrieben sein, aber dort steht nichts Lesbares.",
  "Your role here needs a second factor. Open {}{} in a browser and set one up first.":
    "Deine Rolle hier braucht einen zweiten Faktor. Öffne {}{} in einem Browser, und richte zuerst einen ein.",
};
