/** Was abgelehnt wird, wo es um Beiträge, Gruppen, Listen und Dateien geht, und jedes Formular, auf Deutsch. */
import type { Refusals } from "./refusals.ts";

export const postRefusals: Refusals = {
  "The form does not say what to do.": "Das Formular sagt nicht, was zu tun ist.",
  "There is nothing at this address.": "Unter dieser Adresse ist nichts.",
  "There is no such person.": "Diesen Menschen gibt es hier nicht.",
  "This was done already, or is not so any more.": "Das ist schon geschehen, oder es ist nicht mehr so.",
  "This was answered or taken back already.": "Das wurde schon beantwortet oder zurückgenommen.",
  "This was taken back already.": "Das wurde schon zurückgenommen.",
  "This request was answered or taken back already.":
    "Diese Anfrage wurde schon beantwortet oder zurückgenommen.",
  "It has changed in the meantime.": "Inzwischen hat es sich geändert.",
  "This became known meanwhile. Try again.": "Das wurde inzwischen bekannt. Versuche es noch einmal.",
  "Write something first.": "Schreib zuerst etwas.",
  "Write at most {} characters.": "Schreib höchstens {} Zeichen.",
  "Make it shorter: at most {} characters.": "Kürze es: höchstens {} Zeichen.",
  "Choose one of the answers.": "Wähle eine der Antworten.",
  "Choose a time to come.": "Wähle eine Zeit, die noch kommt.",
  "Choose a day and a time.": "Wähle einen Tag und eine Uhrzeit.",
  "Choose how long.": "Wähle, wie lange.",
  "Choose what it is about.": "Wähle, worum es geht.",
  "Choose what to do.": "Wähle, was geschehen soll.",
  "Choose a file.": "Wähle eine Datei.",
  "Choose a picture first.": "Wähle zuerst ein Bild.",
  "This page was open for too long. Load it again, then try once more.":
    "Diese Seite war zu lange offen. Lade sie neu und versuche es noch einmal.",
  "This did not come from a page of this server. Open {} and try again.":
    "Das kam nicht von einer Seite dieses Servers. Öffne {} und versuche es noch einmal.",
  "You asked too often. Wait a little, then try again.":
    "Das war zu oft. Warte ein wenig und versuche es dann noch einmal.",
  "A form has at most {} parts.": "Ein Formular hat höchstens {} Teile.",
  "The words of this form are too many.": "Dieses Formular hat zu viel Text.",
  "At most {} MB are taken here.": "Hier gehen höchstens {} MB.",
  "This form did not arrive as a whole. Send it again.":
    "Dieses Formular kam nicht vollständig an. Schick es noch einmal ab.",
  "The body of the request could not be read.": "Die Anfrage konnte nicht gelesen werden.",
  "Files of this type are not taken here.": "Dateien dieser Art werden hier nicht angenommen.",
  "The request is not what is expected here.": "Hier wird etwas anderes erwartet.",
  "“{}” is missing, or is not what is expected here.": "„{}“ fehlt, oder hier wird etwas anderes erwartet.",

  "There is nothing to undo: it was undone already.":
    "Es gibt nichts zurückzunehmen: Das ist schon geschehen.",
  "This is not here any more.": "Das ist nicht mehr da.",
  "Choose an answer first.": "Wähle zuerst eine Antwort.",
  "The post that you answer is gone.": "Der Beitrag, auf den du antwortest, ist nicht mehr da.",
  "Nobody called {} was found.": "Niemand mit dem Namen {} wurde gefunden.",
  "Choose who can see it.": "Wähle, wer es sehen kann.",
  "Give at least two answers, or none.": "Gib mindestens zwei Antworten oder keine.",
  "Give each answer once.": "Gib jede Antwort nur einmal.",
  "There is no such post, or you may not see it.":
    "Diesen Beitrag gibt es nicht, oder er ist nicht für dich.",
  "This post was deleted.": "Dieser Beitrag wurde gelöscht.",
  "Only its author can change this post.": "Diesen Beitrag kann nur ändern, wer ihn geschrieben hat.",
  "The post that you quote is gone.": "Der Beitrag, den du zitierst, ist nicht mehr da.",
  "This post cannot be quoted: its author does not want it, or it is not for everybody.":
    "Dieser Beitrag lässt sich nicht zitieren: Wer ihn schrieb, möchte es nicht, oder er ist nicht für alle.",
  "Only its author can see who quotes this post.":
    "Wer diesen Beitrag zitiert, sieht nur, wer ihn geschrieben hat.",
  "Only what everybody may see can be quoted.": "Nur was alle sehen dürfen, lässt sich zitieren.",
  "Only the one who was asked may answer.": "Antworten kann nur, wer gefragt wurde.",
  "Write one emoji.": "Schreib ein Emoji.",
  "Choose a time at least five minutes in the future.":
    "Wähle eine Zeit, die mindestens fünf Minuten entfernt ist.",
  "Choose a time within the next two years.": "Wähle eine Zeit in den nächsten zwei Jahren.",
  "The account is closed, or not let in yet.": "Das Konto ist geschlossen oder noch nicht freigegeben.",
  "There is no such scheduled post any more.": "Diesen Beitrag für später gibt es nicht mehr.",
  "You can have {} posts waiting. Remove one first.":
    "Es können {} Beiträge von dir warten. Nimm zuerst einen heraus.",
  "At most {} posts can wait for one day. Choose another.":
    "Für einen Tag können höchstens {} Beiträge warten. Wähle einen anderen.",
  "What a group says cannot be put off.": "Was eine Gruppe sagt, lässt sich nicht aufschieben.",
  "Nobody of this name is known here.": "Niemand mit diesem Namen ist hier bekannt.",
  "Write your address as name@your.server. Nobody was found there.":
    "Schreib deine Adresse als name@dein.server. Dort wurde niemand gefunden.",
  "This is for browsers.": "Das ist für Browser.",
  "There is no such conversation.": "Dieses Gespräch gibt es nicht.",
  "More happens than can be told to those who listen; some of it is left out.":
    "Es geschieht mehr, als sich erzählen lässt; einiges fehlt.",
  "Too many streams are open. Close some of them first.":
    "Zu viele Seiten sind offen. Schließe zuerst einige.",
  "There is no push subscription here.": "Hier sind keine Mitteilungen an dein Gerät bestellt.",
  "Give the https address of a push service.": "Gib die https-Adresse eines Push-Dienstes an.",
  "These are no keys of a push subscription.": "Das sind keine Schlüssel eines Push-Dienstes.",

  "Give the group a name.": "Gib der Gruppe einen Namen.",
  "Write at most {} rules, one a line.": "Schreib höchstens {} Regeln, eine je Zeile.",
  "A link is for 1 to {} people.": "Ein Link gilt für 1 bis {} Menschen.",
  "A link is good for 1 to {} days.": "Ein Link gilt 1 bis {} Tage.",
  "There are {} open links already. End some first.": "Es gibt schon {} offene Links. Beende zuerst einige.",
  "There is no such group.": "Diese Gruppe gibt es nicht.",
  "There is no such group here.": "Diese Gruppe gibt es hier nicht.",
  "There is no group of this name.": "Eine Gruppe mit diesem Namen gibt es hier nicht.",
  "There is no group with the name “{}” here.": "Eine Gruppe mit dem Namen „{}“ gibt es hier nicht.",
  "This group is gone.": "Diese Gruppe gibt es nicht mehr.",
  "This group is not known here, or is gone.":
    "Diese Gruppe ist hier nicht bekannt, oder es gibt sie nicht mehr.",
  "Only owners of the group may do this. Ask one of them.":
    "Das darf nur, wer die Gruppe leitet. Frag jemanden aus der Leitung.",
  "Only moderators of the group may do this. Ask one of them.":
    "Das darf nur die Moderation der Gruppe. Frag jemanden von dort.",
  "Only owners of the group may do this to a moderator or an owner.":
    "Bei jemandem aus Moderation oder Leitung darf das nur, wer die Gruppe leitet.",
  "You cannot make groups here. Ask those who run this server.":
    "Du kannst hier keine Gruppen gründen. Frag die Menschen, die diesen Server betreiben.",
  "This person is not known here.": "Dieser Mensch ist hier nicht bekannt.",
  "This person is not known here, or is gone.": "Dieser Mensch ist hier nicht bekannt oder nicht mehr da.",
  "Nobody with this address was found. It looks like name@server.example.":
    "Niemand mit dieser Adresse wurde gefunden. Sie sieht aus wie name@server.example.",
  "Only members of the group can be given a role.": "Eine Aufgabe bekommt nur, wer Mitglied der Gruppe ist.",
  "This person is invited already.": "Dieser Mensch ist schon eingeladen.",
  "This person is in the group already.": "Dieser Mensch ist schon in der Gruppe.",
  "This person is banned from the group. Lift the ban first.":
    "Dieser Mensch ist aus der Gruppe ausgeschlossen. Heb das zuerst auf.",
  "{} people are invited already. Take some back first.":
    "Es sind schon {} Menschen eingeladen. Nimm zuerst einige Einladungen zurück.",
  "Nobody can ban themselves. Leave the group instead.":
    "Niemand kann sich selbst ausschließen. Verlass stattdessen die Gruppe.",
  "Somebody has to own the group. Name another owner first.":
    "Jemand muss die Gruppe leiten. Nimm zuerst jemand anderen in die Leitung.",
  "You have made {} groups, the most that one person may make.":
    "Du hast {} Gruppen gegründet, mehr gehen für einen Menschen nicht.",
  "A person or a group has this name already. Choose another.":
    "Ein Mensch oder eine Gruppe hat diesen Namen schon. Wähle einen anderen.",
  "Only members see who is in this group.": "Wer in dieser Gruppe ist, sehen nur Mitglieder.",
  "Only members see what was done in this group.": "Was in dieser Gruppe getan wurde, sehen nur Mitglieder.",
  "Type {}, the address of the group, to delete it.":
    "Schreib {}, die Adresse der Gruppe, um sie zu löschen.",
  "This post is not in the group.": "Dieser Beitrag ist nicht in der Gruppe.",

  "You have no such list.": "Diese Liste hast du nicht.",
  "Give the list a name.": "Gib der Liste einen Namen.",
  "You can have {} filters. Remove one first.": "Du kannst {} Filter haben. Entferne zuerst einen.",
  "You can block {} servers. Unblock one first.":
    "Du kannst {} Server blockieren. Gib zuerst einen wieder frei.",
  "This film is in too many pieces. Save it again, then send that.":
    "Dieser Film besteht aus zu vielen Stücken. Speichere ihn neu und schick ihn dann.",
  "This filter has changed in the meantime.": "Dieser Filter wurde inzwischen geändert.",
  "There is no such filter any more.": "Diesen Filter gibt es nicht mehr.",
  "Give it a name of at most {} characters.": "Gib ihm einen Namen mit höchstens {} Zeichen.",
  "Write at least one word or phrase.": "Schreib mindestens ein Wort oder eine Wendung.",
  "Write at most {} words or phrases.": "Schreib höchstens {} Wörter oder Wendungen.",
  "A phrase has at most {} characters.": "Eine Wendung hat höchstens {} Zeichen.",
  "A filter names at most {} things.": "Ein Filter nennt höchstens {} Dinge.",
  "Choose where it holds.": "Wähle, wo er gilt.",
  "Write the name of a server, such as noisy.example.": "Schreib den Namen eines Servers, etwa laut.example.",
  "This is the server that you are on.": "Das ist der Server, auf dem du bist.",

  "This file is empty.": "Diese Datei ist leer.",
  "There is no such file.": "Diese Datei gibt es nicht.",
  "There is no such file of yours. Send it again.":
    "Diese Datei von dir gibt es nicht. Schick sie noch einmal.",
  "A file that was named is not here, or not yours. Send it again.":
    "Eine genannte Datei ist nicht hier oder nicht von dir. Schick sie noch einmal.",
  "This file is used in a post. Delete that, or take the file out of it.":
    "Ein Beitrag benutzt diese Datei. Lösche ihn, oder nimm sie dort heraus.",
  "A post takes {} files. Remove one first.": "Ein Beitrag nimmt {} Dateien. Entferne zuerst eine.",
  "Your files would take more than {} MB. Delete some first.":
    "Deine Dateien wären mehr als {} MB. Lösche zuerst einige.",
  "This is no picture. Choose a JPEG, PNG, WebP or GIF.":
    "Das ist kein Bild. Wähle ein JPEG, PNG, WebP oder GIF.",
  "This is no picture that browsers show.": "Das ist kein Bild, das Browser zeigen.",
  "A file may have {} MB here; this one has more.": "Eine Datei darf hier {} MB haben; diese hat mehr.",
  "A picture may have {} MB here; this one has more.": "Ein Bild darf hier {} MB haben; dieses hat mehr.",
  "{} may have {} MB here; this one has more.": "{}: Hier sind höchstens {} MB möglich; das ist mehr.",
  "{} cannot be fetched.": "{} lässt sich nicht abrufen.",
  "Pictures in the format {} cannot be read here. Send JPEG, PNG, WebP or GIF.":
    "Bilder im Format {} lassen sich hier nicht lesen. Schick JPEG, PNG, WebP oder GIF.",
  "This picture has more than {} million pixels. Send a smaller one.":
    "Dieses Bild hat mehr als {} Millionen Bildpunkte. Schick ein kleineres.",
  "This picture is damaged and cannot be shown. Save it again, then send that.":
    "Dieses Bild ist beschädigt und lässt sich nicht zeigen. Speichere es neu und schick dann das.",
  "The server's disk is full. Tell those who run it.":
    "Der Server hat keinen Platz mehr. Sag es den Menschen, die ihn betreiben.",
  "The place where files are kept cannot be reached. Try again in a moment.":
    "Der Ort für die Dateien ist nicht zu erreichen. Versuche es gleich noch einmal.",
  "The place where files are kept does not answer. Try again in a moment.":
    "Der Ort für die Dateien antwortet nicht. Versuche es gleich noch einmal.",

  "The translation service did not answer. Try later.":
    "Der Übersetzungsdienst hat nicht geantwortet. Versuche es später.",
  "The translation service gave no translation. Try later.":
    "Der Übersetzungsdienst hat nichts übersetzt. Versuche es später.",
  "This is too long to be translated.": "Das ist zu lang, um es zu übersetzen.",
};
