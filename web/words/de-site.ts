/** Die deutschen Wörter dessen, was der Server den Leuten sagt und was seine Betreiber allen anbieten. */

export const deSiteGroups = {
  told: {
    post: "hat etwas Neues geschrieben",
    edit: "hat einen Beitrag geändert, den du geteilt hast",
    quotedEdit: "hat einen Beitrag geändert, den du zitierst",
    severed: "Einige deiner Verbindungen endeten, weil hier ein anderer Server gesperrt wurde.",
    severedLink: "Welche das sind",
    decision: "Die Leute, die diesen Server betreiben, haben etwas über dein Konto entschieden.",
    decisionLink: "Lesen und antworten",
    signUp: "wartet darauf, eingelassen zu werden",
    signUpLink: "Zur Liste der Leute",
    report: "hat jemanden gemeldet",
    reportLink: "Zur Meldung",
  },
};
