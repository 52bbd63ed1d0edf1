"""Findings: bad data in a workbook, collected and never raised. The catalogue is the source of `docs/anomalie.md`.

Letters of the codes: L file, R recognition of sheets and rows, G grammar of targets and results, V scoring,
A tree, people and offices, P plan, T rettifiche, C statements (prospetti),
E several bodies, M mail and wrappings, N the monitoring round, S output.
"""

from __future__ import annotations

from enum import StrEnum

from perfxl.model.cells import CellRef
from perfxl.model.record import record


class Severity(StrEnum):
    """`errore`: a figure is missing or wrong until someone acts; `avviso`: to be looked at; `nota`: to be known."""

    ERROR = "errore"
    WARNING = "avviso"
    NOTE = "nota"


@record(frozen=True, slots=True)
class FindingKind:
    """An entry of the catalogue: stable code, severity, and the Italian texts that a page of the manual is made of."""

    code: str
    severity: Severity
    title: str
    expected: str
    remedy: str


@record(frozen=True, slots=True)
class Finding:
    """A finding: where, what was found, what was expected, what to do."""

    code: str
    severity: Severity
    title: str
    found: str
    expected: str
    remedy: str
    file: str = ""
    sheet: str = ""
    cell: str = ""

    def as_dict(self) -> dict[str, str]:
        """The JSON form of `perfxl consolida --json`."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "title": self.title,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "found": self.found,
            "expected": self.expected,
            "remedy": self.remedy,
        }


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

_KINDS = (
    # -- L: the file ---------------------------------------------------------------------------------------------
    FindingKind("PX-L001", E, "File non leggibile", "una cartella di lavoro .xlsx, .xlsm, .ods o .xls integra", "Chiedere all'ufficio di salvare di nuovo il file e rispedirlo."),
    FindingKind("PX-L002", E, "Il file non è una cartella di lavoro", "un vero file Excel o Calc, qualunque ne sia l'estensione", "Aprire il file, salvarlo come .xlsx e rispedirlo."),
    FindingKind("PX-L003", E, "Cartella di lavoro protetta da password", "un file che si apre senza password", "Togliere la password di apertura e rispedire il file."),
    FindingKind("PX-L004", E, "File troppo grande una volta espanso", "parti interne entro il limite dichiarato", "Copiare la tabella in un file nuovo e rispedirlo."),
    FindingKind("PX-L005", W, "File aperto in Excel durante la lettura", "un file chiuso (accanto c'è il file di blocco ~$)", "Verificare che l'ultima versione sia stata salvata, poi ripetere."),
    FindingKind("PX-L006", W, "Due copie dello stesso foglio", "una sola copia di ogni foglio", "Tenere una sola copia: delle righe che sono in tutt'e due valgono quelle del foglio con più risultati e, a parità, del primo in ordine alfabetico."),
    FindingKind("PX-L007", E, "Nessuna cartella di lavoro trovata", "almeno un file .xlsx, .xlsm, .ods o .xls", "Controllare il percorso indicato."),
    FindingKind("PX-L008", N, "File tralasciato", "una cartella di lavoro", "Nessuna azione, se il file non doveva essere letto."),
    FindingKind("PX-L009", N, "Estensione diversa dal contenuto", "l'estensione del tipo di file", "Nessuna azione: il file viene letto per quello che è."),
    FindingKind("PX-L010", W, "Contenuto attivo nel file", "soli valori", "Non aprire il file per curiosità: se ne leggono i valori, niente viene eseguito né seguito. Chiedere all'ufficio perché c'è."),
    # -- R: recognition ------------------------------------------------------------------------------------------
    FindingKind("PX-R001", W, "Foglio non riconosciuto", "le intestazioni di uno dei modelli conosciuti", "Ripristinare le intestazioni, o descrivere il modello con --layout."),
    FindingKind("PX-R002", N, "Foglio di un altro sistema", "un foglio di obiettivi e indicatori", "Nessuna azione: risorse e incentivi non entrano nel calcolo della realizzazione."),
    FindingKind("PX-R003", N, "Foglio senza dati", "una tabella", "Nessuna azione (istruzioni, copertina o foglio vuoto)."),
    FindingKind("PX-R004", W, "Riga non riconosciuta", "un obiettivo o un indicatore con il suo codice", "Scrivere il codice come nel piano, o togliere la riga."),
    FindingKind("PX-R005", W, "Ufficio del foglio non riconosciuto", "il codice dell'ufficio nel titolo o nella colonna UFFICIO", "Scrivere il codice dell'ufficio tra parentesi nel titolo."),
    FindingKind("PX-R006", E, "Errore di Excel nella cella", "un valore", "Correggere la formula o digitare il valore."),
    FindingKind("PX-R007", W, "Colonna attesa mancante", "tutte le colonne del modello", "Ripristinare la colonna con la sua intestazione."),
    FindingKind("PX-R008", W, "Intestazione presente due volte", "una sola colonna con questa intestazione", "Rinominare o togliere la colonna in più: l'anomalia dice quale viene letta, e perché."),
    FindingKind("PX-R009", N, "Testo che sembra una formula", "un risultato", "Nessun rischio: il testo resta testo. Chiedere il risultato all'ufficio."),
    FindingKind("PX-R010", N, "Righe o colonne nascoste lette", "righe e colonne visibili", "Controllare che ciò che è nascosto debba valere."),
    FindingKind("PX-R011", N, "Collegamenti o macro nel file", "soli valori", "Nessuna azione: vengono letti i valori, niente viene eseguito."),
    FindingKind("PX-R012", W, "Formula mai calcolata", "il valore della formula", "Aprire il file in Excel, salvarlo e rispedirlo: la cella vale come vuota."),
    # -- G: grammar ----------------------------------------------------------------------------------------------
    FindingKind("PX-G001", E, "Target non leggibile", "un target come «>= 80%», «entro il 31/12/2019», «n. 3»", "Riscrivere il target nella forma del piano."),
    FindingKind("PX-G002", E, "Risultato non leggibile", "un numero, una percentuale, una data o un mese", "Chiedere all'ufficio il valore misurato, o inserirlo tra le rettifiche."),
    FindingKind("PX-G003", W, "Data zero (00/01/1900)", "una data vera o la cella vuota", "Cancellare il contenuto della cella o scrivere la data: vale come non misurato."),
    FindingKind("PX-G004", W, "Risultato descrittivo senza misura", "una misura o la percentuale di realizzazione", "Scrivere il valore; fino ad allora la riga è fuori dalle medie."),
    FindingKind("PX-G005", W, "Target e risultato di natura diversa", "un risultato nella stessa unità del target", "Correggere il risultato (o il target) perché si possano confrontare."),
    FindingKind("PX-G006", N, "Anno della scadenza preso dal piano", "una data completa di anno", "Nessuna azione, se l'anno è quello del piano."),
    FindingKind("PX-G007", W, "Scadenza fuori dall'anno del piano", "una data dell'anno del piano", "Verificare la data del target."),
    FindingKind("PX-G008", W, "Una sola data per più scadenze", "una data per ogni scadenza", "Scrivere tutte le date: l'unica data è confrontata con l'ultima scadenza."),
    FindingKind("PX-G009", W, "Mese non confrontabile con la scadenza", "una data, perché la scadenza cade dentro il mese indicato", "Chiedere il giorno."),
    FindingKind("PX-G010", W, "Risultato inverosimile", "una percentuale entro il 1000%, un conteggio non negativo", "Verificare il valore: forse manca il segno % o una virgola, o c'è un meno di troppo."),
    # -- V: scoring ----------------------------------------------------------------------------------------------
    FindingKind("PX-V001", W, "Percentuale indicata diversa da quella calcolata", "la percentuale che segue da risultato e target", "Verificare il calcolo dell'ufficio: fa fede quello di perfxl."),
    FindingKind("PX-V002", W, "Percentuale indicata senza risultato", "un risultato da cui la percentuale segua", "Chiedere il risultato: la percentuale indicata non entra nelle medie."),
    FindingKind("PX-V003", W, "Risultato non calcolabile", "risultato e target che il metodo sappia confrontare", "Verificare target e risultato, o inserire la percentuale tra le rettifiche."),
    FindingKind("PX-V004", W, "Indicatore senza target", "un target nel foglio o nel piano", "Completare il target: l'indicatore resta fuori dalle medie."),
    FindingKind("PX-V005", N, "Peso non leggibile o assente", "un peso numerico, non negativo", "Correggere il peso: intanto la riga pesa quanto in media le altre del suo obiettivo."),
    FindingKind("PX-V006", N, "Pesi che il metodo non usa", "nessun peso: il metodo fa la media semplice degli indicatori", "Nessuna azione, se i pesi non devono contare; altrimenti usare un metodo con rollup.indicators = weighted_mean."),
    FindingKind("PX-V007", W, "Eccezione del metodo che non riguarda nessuna riga", "il codice di un indicatore letto, o di un obiettivo da cui ne dipendono", "Correggere il codice dell'eccezione nel metodo: così com'è non cambia nulla."),
    # -- A: tree, people, offices --------------------------------------------------------------------------------
    FindingKind("PX-A001", E, "Risultati diversi per lo stesso indicatore", "lo stesso risultato in tutti i fogli che lo riportano", "Chiarire con gli uffici quale vale; intanto vale il foglio dell'ufficio assegnato."),
    FindingKind("PX-A002", W, "Risultato presente nel foglio dell'ufficio e assente in quello della PO", "lo stesso risultato nei due fogli", "Completare il foglio della PO: vale la cella compilata."),
    FindingKind("PX-A003", W, "Ufficio inesistente", "un ufficio che ha un foglio o almeno un indicatore", "Correggere la colonna UFFICIO."),
    FindingKind("PX-A004", W, "Foglio dell'ufficio mancante", "il foglio di ogni ufficio a cui sono assegnati indicatori", "Sollecitare l'ufficio."),
    FindingKind("PX-A005", W, "Somma dei pesi diversa da 100", "pesi che sommano a 100", "Correggere i pesi: intanto sono riproporzionati."),
    FindingKind("PX-A006", W, "Due valori per lo stesso obiettivo", "lo stesso valore ovunque sia riportato", "Correggere uno dei due valori, dopo averli ricalcolati."),
    FindingKind("PX-A007", W, "Progetto citato ma senza scheda", "una scheda per ogni progetto citato", "Aggiungere la scheda del progetto."),
    FindingKind("PX-A008", W, "Valore citato diverso da quello della scheda", "lo stesso valore della scheda del progetto", "Correggere il valore citato o la scheda."),
    FindingKind("PX-A009", W, "Obiettivo senza indicatori", "almeno un indicatore", "Completare il foglio o il piano."),
    FindingKind("PX-A010", W, "Testo o target diverso tra fogli per lo stesso indicatore", "lo stesso testo e target in tutti i fogli", "Allineare i fogli al piano."),
    FindingKind("PX-A011", N, "Obiettivi individuali non forniti", "il foglio degli obiettivi con i pesi", "Aggiungere il foglio ai percorsi da leggere."),
    FindingKind("PX-A012", W, "Obiettivo individuale senza corrispondenza", "il testo di un indicatore del piano o dei fogli", "Scrivere il testo come nel piano."),
    FindingKind("PX-A013", N, "Lettura del codice secondo gli alias del metodo", "il codice della scheda", "Nessuna azione, se l'alias è giusto."),
    FindingKind("PX-A014", W, "Stesso codice per indicatori diversi", "un codice per ogni indicatore", "Distinguere i codici nel piano."),
    FindingKind("PX-A015", W, "Valore digitato diverso dal ricalcolo", "il valore che segue dalle parti", "Verificare: il metodo dice quale dei due vale."),
    FindingKind("PX-A016", W, "Foglio di un altro anno", "un foglio dell'anno che si calcola", "Controllare di aver dato i fogli giusti, o indicare l'anno con --anno."),
    FindingKind("PX-A017", W, "Metodo o data di riferimento di un altro anno", "un metodo e una data di riferimento (--al) dell'anno che si calcola; per la data, anche i mesi in cui lo si chiude", "Controllare metodo, fogli e --al. Se il metodo vale anche per quest'anno, nessuna azione; ciò che dipende da una data che manca non ha effetto."),
    # -- P: plan -------------------------------------------------------------------------------------------------
    FindingKind("PX-P001", W, "Riga non prevista dal piano", "un codice del piano", "Correggere il codice o aggiornare il piano: finché c'è, la riga conta nell'albero."),
    FindingKind("PX-P002", W, "Indicatore del piano in nessun foglio", "una riga nel foglio dell'ufficio assegnato", "Aggiungere la riga al foglio dell'ufficio."),
    FindingKind("PX-P003", W, "Target diverso da quello del piano", "il target del piano", "Allineare il foglio: vale il target del piano."),
    FindingKind("PX-P004", W, "Budget che non somma", "il totale delle righe sottostanti", "Verificare gli importi del piano."),
    FindingKind("PX-P005", E, "Piano non riconosciuto", "una tabella come l'Allegato 1", "Controllare il file indicato con --piano."),
    # -- F: schede degli uffici ----------------------------------------------------------------------------------
    FindingKind("PX-F001", W, "Indicatore senza ufficio", "un ufficio, nella colonna UFFICIO di un cruscotto o del piano", "Indicare l'ufficio: l'indicatore non è in nessuna scheda."),
    FindingKind("PX-F002", W, "Ufficio senza un cruscotto esistente", "il cruscotto dell'ufficio", "Controllare il codice dell'ufficio: la scheda viene preparata con il solo codice nel titolo."),
    FindingKind("PX-F003", N, "Ufficio senza le righe comuni a tutti", "le righe comuni nel cruscotto dell'ufficio", "Nessuna azione, se l'ufficio non le ha: altrimenti aggiungerne una al suo cruscotto."),
    # -- T: rettifiche -------------------------------------------------------------------------------------------
    FindingKind("PX-T001", E, "Rettifica rifiutata", "file e cella (o ufficio e indicatore), valore o percentuale, motivo, autore, data", "Completare la riga delle rettifiche."),
    FindingKind("PX-T002", W, "Rettifica senza corrispondenza", "una riga letta dai fogli", "Controllare file, cella, ufficio e indicatore della rettifica."),
    FindingKind("PX-T003", N, "Rettifica applicata", "il valore del foglio", "Nessuna azione: il valore sostituito è nella scheda Rettifiche."),
    FindingKind("PX-T004", N, "Rettifica ricordata dall'esecuzione precedente", "un file di rettifiche", "Per toglierla, cancellare la riga dalla scheda Rettifiche del file precedente."),
    FindingKind("PX-T005", W, "Rettifica senza autore o data", "autore e data di ogni rettifica", "Completare la riga: la rettifica è applicata."),
    # -- C: statements (prospetti) ---------------------------------------------------------------------------------
    FindingKind("PX-C001", E, "Cifra che non segue dalla sua tabella", "la cifra calcolata, con l'arrotondamento dichiarato", "Controllare la cifra digitata e quelle da cui segue; nella scheda vale quella calcolata."),
    FindingKind("PX-C002", W, "Cifra che segue con un altro arrotondamento", "l'arrotondamento dichiarato per la tabella", "Usare un solo arrotondamento per tutta la tabella, o dichiararlo nel metodo (conventions)."),
    FindingKind("PX-C003", E, "Pesi che non fanno il totale", "pesi che fanno il totale dichiarato (100)", "Correggere i pesi: le medie li riportano comunque in proporzione."),
    FindingKind("PX-C004", N, "Cifra che non si può riscontrare", "tutte le cifre da cui segue", "Completare le cifre mancanti, o nessuna azione se il documento non le riporta."),
    FindingKind("PX-C005", W, "Stesso dato scritto in due modi", "lo stesso valore, target o algoritmo in tutte le tabelle che lo riportano", "Decidere quale dei due vale e correggere l'altro."),
    FindingKind("PX-C010", W, "Riga del prospetto non riconosciuta", "una delle righe dichiarate del prospetto", "Scrivere la riga come nel modello, o dichiararla (docs/prospetti.md)."),
    FindingKind("PX-C011", W, "Cifra non leggibile nel prospetto", "un numero", "Scrivere il numero, o lasciare vuota la cella."),
    FindingKind("PX-C012", E, "Algoritmo non leggibile", "codici di misure, ciascuno con la sua descrizione o senza, e segni tra l'uno e l'altro", "Riscrivere l'algoritmo con i codici del foglio Misure: fino ad allora l'indicatore non ha valore."),
    FindingKind("PX-C013", W, "Algoritmo diverso da quello del catalogo", "la formula che il sistema camerale dà all'indicatore", "Controllare l'algoritmo: vale quello scritto nel documento."),
    FindingKind("PX-C020", W, "Cifra oltre i limiti del possibile", "una cifra tra il minimo e il massimo che la tabella ammette", "Controllare le due cifre da cui segue: forse non contano la stessa cosa."),
    FindingKind("PX-C021", W, "Risultato diverso dalla cifra del prospetto", "il risultato che il prospetto calcola", "Chiarire con l'ufficio quale vale: nel calcolo resta il risultato del foglio."),
    FindingKind("PX-C022", W, "Manca il risultato che un prospetto calcola", "il risultato dell'indicatore nel foglio dell'ufficio", "Scrivere nel foglio la cifra del prospetto, o inserirla tra le rettifiche: da sola non entra nel calcolo."),
    FindingKind("PX-C023", W, "Indicatore citato da un prospetto e non trovato", "il codice di un indicatore dei fogli o del piano", "Correggere il codice nella colonna Indicatore del prospetto."),
    FindingKind("PX-C024", N, "Tempi di una fase non leggibili", "mesi o date, come «Giu-Set», «entro il 31/12», «semestrale»", "Scrivere i mesi, o la data: la fase resta senza scadenza."),
    FindingKind("PX-C025", W, "Fase del ciclo scaduta e non compiuta", "una data nella colonna «Fatto il»", "Compiere la fase, o scrivere quando è stata compiuta."),
    FindingKind("PX-C030", W, "Codice senza scheda e fuori dal piano", "un codice delle schede, dei fogli o del piano", "Correggere il codice, o aggiungere la scheda tra i percorsi da leggere."),
    FindingKind("PX-C031", W, "Risultato impossibile per il suo target", "una parte fino al 100 %, un conteggio non negativo, una data del periodo", "Controllare il risultato con l'ufficio che l'ha scritto."),
    # -- M: mail and wrappings -------------------------------------------------------------------------------------
    FindingKind("PX-M001", E, "File vuoto", "un file con dentro il foglio", "Chiedere all'ufficio di rispedire il file."),
    FindingKind("PX-M002", E, "File troncato o danneggiato", "un file integro", "Chiedere all'ufficio di salvare di nuovo il file e rispedirlo."),
    FindingKind("PX-M003", E, "File protetto da password", "un file che si apra senza password", "Chiedere all'ufficio di togliere la password e rispedire il file."),
    FindingKind("PX-M004", E, "File troppo grande", "un file entro il limite (100 MB)", "Chiedere all'ufficio il solo foglio, o dividere la casella in più file."),
    FindingKind("PX-M005", E, "Contenuto oltre i limiti", "un involucro che contenga quel che dichiara, entro i limiti (docs/giro-involucri.md)", "Non aprire il file: chiedere all'ufficio il solo foglio, senza involucri."),
    FindingKind("PX-M006", E, "Troppi involucri uno dentro l'altro", "al massimo dodici livelli", "Chiedere all'ufficio il solo foglio, senza involucri."),
    FindingKind("PX-M007", W, "Al posto del foglio c'è altro", "il foglio come .xlsx, .xlsm, .ods o .xls", "Chiedere all'ufficio il foglio compilato, in Excel o Calc."),
    FindingKind("PX-M008", N, "Allegato che non è un foglio", "un foglio", "Nessuna azione: il foglio c'è, l'allegato resta nella busta."),
    FindingKind("PX-M009", W, "Messaggio senza foglio", "il foglio in allegato", "Chiedere all'ufficio di rispondere allegando il foglio."),
    FindingKind("PX-M010", N, "Parti tralasciate", "fogli", "Nessuna azione: sono i testi dei messaggi, le firme, i loghi."),
    FindingKind("PX-M011", N, "Nome di file che non è solo un nome", "un nome senza percorso e senza caratteri invisibili", "Nessuna azione: il nome viene solo mostrato, ripulito."),
    FindingKind("PX-M012", W, "Allegati chiusi in winmail.dat", "gli allegati come file", "Chiedere all'ufficio di rispedire il messaggio in formato HTML o testo (in Outlook: Formato testo), o il solo foglio."),
    FindingKind("PX-M013", E, "Documento cifrato", "un documento firmato, non cifrato", "Chiedere all'ufficio il foglio non cifrato."),
    FindingKind("PX-M014", E, "Firma senza il documento", "il documento firmato dentro il .p7m", "Chiedere all'ufficio di firmare con il documento incluso, o di mandare il foglio insieme alla firma."),
    FindingKind("PX-M015", E, "Firma che non torna", "il contenuto che è stato firmato e la firma del certificato allegato", "Chiedere all'ufficio di firmare di nuovo il foglio: dopo la firma qualcosa è cambiato."),
    FindingKind("PX-M016", W, "Firma che non si può controllare", "una firma CAdES con il suo certificato e un algoritmo sicuro", "Controllare la firma con il programma di chi l'ha rilasciata."),
    FindingKind("PX-M017", W, "Firmatario non attendibile", "un certificato valido alla data della firma, rilasciato da una delle autorità indicate", "Controllare la firma con il programma di chi l'ha rilasciata, o completare il file delle autorità."),
    FindingKind("PX-M018", W, "Busta PEC non garantita dalla firma del gestore", "la busta come il gestore l'ha firmata", "Conservare il messaggio originale della casella PEC, senza inoltrarlo o risalvarlo."),
    FindingKind("PX-M019", W, "Dati di certificazione PEC non leggibili", "un daticert.xml come lo prevedono le regole tecniche", "Controllare data e mittente nella casella PEC: valgono quelli del messaggio."),
    FindingKind("PX-M020", W, "Messaggio non recapitato", "la consegna del messaggio", "Controllare l'indirizzo dell'ufficio e spedire di nuovo."),
    FindingKind("PX-M021", W, "Allegato che non è nel messaggio", "il file stesso", "Chiedere all'ufficio di allegare il file, non un collegamento."),
    FindingKind("PX-M022", N, "Avviso automatico", "la risposta di un ufficio", "Nessuna azione: è una conferma di lettura o di recapito, o una risposta automatica."),
    FindingKind("PX-M023", W, "Busta PEC che si contraddice", "un solo messaggio originale, quello che la busta certifica", "Controllare nella casella PEC chi ha spedito che cosa, prima di accettare la scheda."),
    FindingKind("PX-M024", W, "Scheda nella copia di una ricevuta PEC", "il foglio nella risposta dell'ufficio", "Se l'ufficio ha inoltrato la ricevuta al posto della risposta, farsi mandare il foglio; se è un messaggio nostro, nessuna azione."),
    FindingKind("PX-M025", N, "Messaggi eliminati nella casella", "i messaggi che la casella mostra", "Nessuna azione: chi li ha eliminati non li vede più; per toglierli dal file, compattare la cartella di posta."),
    # -- E: several bodies in one -----------------------------------------------------------------------------------
    FindingKind("PX-E001", W, "Ente senza realizzazione", "fogli di obiettivi e indicatori dell'ente", "Aggiungere i fogli dell'ente: finché mancano non è misurato e non entra nella cifra comune."),
    FindingKind("PX-E002", W, "Enti di anni diversi", "lo stesso anno per tutti gli enti", "Confrontare anni uguali, o tenerne conto: le cifre stanno fianco a fianco come sono."),
    FindingKind("PX-E003", W, "Cifra da mettere a confronto non trovata", "un prospetto, una riga e una colonna dell'ente", "Correggere il nome nel file degli enti (prospetto!riga.colonna)."),
    # -- N: the monitoring round (giro) -------------------------------------------------------------------------------
    FindingKind("PX-N001", E, "Elenco degli uffici non leggibile", "le colonne Ufficio ed E-mail", "Usare il foglio uffici.xlsx scritto da «perfxl giro apri»."),
    FindingKind("PX-N002", E, "Ufficio senza indirizzo", "un indirizzo e-mail nella colonna E-mail di uffici.xlsx", "Scrivere l'indirizzo e ripetere il comando: scrive soltanto a chi non ha ancora avuto il messaggio."),
    FindingKind("PX-N003", E, "Indirizzo scritto male", "un indirizzo come nome@ente.it", "Correggere l'indirizzo in uffici.xlsx e ripetere: fino ad allora all'ufficio non parte niente."),
    FindingKind("PX-N004", W, "Ufficio scritto due volte", "una riga per ufficio", "Tenere una riga sola; più indirizzi si separano con il punto e virgola."),
    FindingKind("PX-N005", E, "Ufficio scritto due volte con indirizzi diversi", "una riga per ufficio", "Guardare se uno dei due codici è sbagliato e tenere una riga sola: fino ad allora all'ufficio non parte niente."),
    FindingKind("PX-N010", E, "Scheda di un altro giro", "la scheda di questo ente, anno e periodo", "Rispedire la scheda di questo giro."),
    FindingKind("PX-N011", E, "Scheda di un'altra versione del piano", "la scheda della versione del piano in vigore", "Rispedire all'ufficio la scheda in vigore e chiedere di riempirla."),
    FindingKind("PX-N012", N, "Foglio dell'ufficio, non la scheda inviata", "la scheda inviata, con il suo contrassegno", "Nessuna azione: i risultati sono messi sulle righe della scheda inviata, indicatore per indicatore; target e pesi restano quelli inviati."),
    FindingKind("PX-N013", E, "Riga tolta dalla scheda", "tutte le righe della scheda inviata", "Rimettere la riga, o riempire di nuovo la scheda inviata."),
    FindingKind("PX-N014", W, "Cella bloccata cambiata", "il contenuto inviato", "Nessuna azione: vale il contenuto inviato. Se c'era un errore nel piano, dirlo al controllo di gestione."),
    FindingKind("PX-N015", E, "Manca la nota", "una nota accanto al risultato, come chiede il metodo", "Scrivere nella colonna Note perché il risultato è questo."),
    FindingKind("PX-N016", E, "Manca l'evidenza", "dove si trova la prova del risultato", "Scrivere nella colonna Evidenza il protocollo, la relazione o la cartella."),
    FindingKind("PX-N017", E, "Scheda tornata vuota", "almeno un risultato", "Riempire la scheda e rispedirla."),
    FindingKind("PX-N018", E, "Foglio tolto dalla scheda", "tutti i fogli della scheda inviata", "Riempire di nuovo la scheda inviata, senza togliere fogli."),
    FindingKind("PX-N019", W, "Riga aggiunta alla scheda", "le sole righe della scheda inviata", "Se l'indicatore va aggiunto, va aggiunto al piano."),
    FindingKind("PX-N020", W, "Scheda di cui non si sa l'ufficio", "il contrassegno della scheda, o un ufficio riconoscibile", "Attribuirla con «perfxl giro raccogli --attribuisci»."),
    FindingKind("PX-N021", W, "Scheda arrivata a giro chiuso", "risposte prima della chiusura", "È tenuta da parte; per contarla riaprire il giro, con il motivo."),
    FindingKind("PX-N023", N, "Scheda senza il suo contrassegno", "la scheda inviata, con il suo foglio nascosto", "Nessuna azione: il contenuto la fa riconoscere, ed è stata confrontata."),
    FindingKind("PX-N024", W, "Scheda della versione precedente del piano", "la scheda della versione del piano in vigore", "Nessuna azione: ha tutte le righe che servono, e i risultati sono confrontati con i target in vigore."),
    FindingKind("PX-N025", W, "Colonne spostate nella scheda", "le colonne della scheda inviata, al loro posto", "Nessuna azione: le colonne sono state riconosciute dalle intestazioni."),
    FindingKind("PX-N026", E, "Controllo non riuscito", "un file che si possa leggere fino in fondo", "Chiedere all'ufficio di riempire di nuovo la scheda inviata, e segnalare il file a chi cura perfxl."),
    FindingKind("PX-N027", N, "Scheda inviata, non una risposta", "la sola scheda riempita", "Nessuna azione: è la copia vuota del nostro messaggio, e non conta."),
    FindingKind("PX-N028", E, "Due schede diverse della stessa ora", "una scheda sola per messaggio, o una più recente dell'altra", "Chiedere all'ufficio quale vale e rispedirla, o accettarne una con «perfxl giro raccogli --accetta»."),
    FindingKind("PX-N030", E, "Scheda preparata cambiata o mancante", "la scheda come il giro l'ha preparata, byte per byte", "Rimettere la scheda com'era nella cartella schede e ripetere: una scheda diversa non parte."),
    FindingKind("PX-N031", E, "Messaggio non partito", "un server che accetta il messaggio", "Correggere la causa e ripetere il comando: parte solo ciò che non è partito."),
    FindingKind("PX-N032", E, "Messaggio forse già partito", "la risposta del server a messaggio consegnato", "Guardare nella posta inviata o chiedere all'ufficio; se non è arrivato, ripetere con --di-nuovo e --ufficio."),
    FindingKind("PX-N040", E, "Colonne della scheda che non si riconoscono", "le intestazioni della scheda inviata, ognuna una volta sola, sopra la sua colonna", "Riempire di nuovo la scheda inviata, senza togliere, aggiungere o rinominare colonne: nessun valore del foglio è stato preso."),
    FindingKind("PX-N041", E, "Riga che si contraddice", "righe con tutte le celle della scheda inviata, un indicatore una volta sola", "Dire di quale indicatore è il risultato, riempiendo di nuovo la scheda inviata: da questa riga non è stato preso."),
    FindingKind("PX-N042", E, "Celle dei risultati unite", "una cella per ogni risultato", "Dividere le celle e scrivere ogni risultato nella sua: nelle celle unite resta soltanto il primo."),
    FindingKind("PX-N043", W, "Celle da riempire unite", "una cella per ogni indicatore", "Nessuna azione, se ciò che è scritto nella prima vale soltanto per la sua riga."),
    FindingKind("PX-N044", W, "Foglio in più nella cartella di lavoro", "i soli fogli della scheda inviata", "Nessuna azione: non viene contato. Se dice qualcosa che serve, va scritto nella scheda."),
    FindingKind("PX-N045", E, "Risultati in un foglio in più", "i risultati nel foglio della scheda, un ufficio per file", "Riportare i risultati nella scheda inviata, o mandare una scheda per ufficio; il controllo di gestione può accettarla com'è."),
    FindingKind("PX-N046", E, "Foglio della scheda nascosto", "il foglio con i risultati visibile", "Mostrare il foglio, verificare che i risultati siano quelli, e rispedire la scheda."),
    FindingKind("PX-N047", W, "Contrassegno e contenuto di uffici diversi", "il contrassegno dell'ufficio che risponde", "Verificare di chi è la scheda e attribuirla con «perfxl giro raccogli --attribuisci»."),
    FindingKind("PX-N050", W, "Data che non può essere", "una data tra l'apertura del giro e l'arrivo", "Controllare nella posta quando la scheda è stata spedita; se l'ordine delle versioni non è giusto, farsi rispedire quella che vale."),
    FindingKind("PX-N051", W, "Versione di prima, tornata dopo", "una versione più recente, o la stessa di prima", "Se l'ufficio vuole che valga questa, farsela rispedire salvata di nuovo; se qualcuno l'ha solo inoltrata, nessuna azione."),
    FindingKind("PX-N052", E, "File del giro cambiato o mancante", "il file com'era quando il giro l'ha conservato, byte per byte", "Rimettere il file com'era; una scheda ricevuta torna raccogliendo di nuovo la sua busta."),
    FindingKind("PX-N053", E, "Messaggio che il server non dà", "il messaggio, intero", "Nessuna azione: si riprova a ogni raccolta. Se continua, guardare quel messaggio nella casella."),
    # -- S: output -----------------------------------------------------------------------------------------------
    FindingKind("PX-S001", W, "Formula nativa non equivalente", "una formula che dia la stessa cifra", "Nessuna azione: nella cella c'è il valore."),
    FindingKind("PX-S002", N, "File esistente conservato in copia", "un nome libero", "Nessuna azione: la versione precedente è nella copia numerata."),
    FindingKind("PX-S003", N, "Annotazioni riprese dal file precedente", "cause e note scritte nella scheda Scostamenti", "Nessuna azione."),
    FindingKind("PX-S004", W, "File precedente non ripreso, in tutto o in parte", "il consolidato dell'esecuzione precedente, con le schede e le colonne di perfxl", "Il file è nella copia numerata: riportare da lì nel nuovo ciò che serve (cause, note, rettifiche, colonne aggiunte)."),
    FindingKind("PX-S011", W, "Scheda dell'utente con il nome di un riepilogo", "un nome libero per la scheda di perfxl", "Nessuna azione: la scheda dell'utente è intatta, il riepilogo sta in una scheda con «(perfxl)» nel nome."),
    FindingKind("PX-S012", W, "Percentuale scritta da perfxl e poi cambiata a mano", "la percentuale calcolata", "Nessuna azione, se il cambio è voluto: la cella resta della persona e viene solo confrontata. Per riavere il calcolo, svuotarla."),
    FindingKind("PX-S013", W, "Foglio protetto: niente è stato scritto", "un foglio senza protezione", "Togliere la protezione (Revisione > Rimuovi protezione foglio) e ripetere."),
    FindingKind("PX-S014", N, "Aspetto non applicato in tutto", "i formati, i grafici e l'impaginazione del riepilogo", "Nessuna azione: i valori ci sono tutti."),
)
del E, W, N

CATALOGUE: dict[str, FindingKind] = {kind.code: kind for kind in _KINDS}


def finding(
    code: str,
    found: str,
    ref: CellRef | None = None,
    *,
    file: str = "",
    sheet: str = "",
    cell: str = "",
    expected: str = "",
    remedy: str = "",
) -> Finding:
    """A finding of the catalogue at a cell (`ref`), or at a file or sheet. `expected` and `remedy` may be sharpened."""
    kind = CATALOGUE[code]
    if ref is not None:
        file, sheet, cell = ref.file, ref.sheet, cell or ref.a1
    return Finding(code, kind.severity, kind.title, found, expected or kind.expected, remedy or kind.remedy, file, sheet, cell)
