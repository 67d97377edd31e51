// npm's baileys 6.7, the line that most installations still run: it addresses people by number and knows LIDs only as senders.
import * as baileys from 'baileys6';
import { drive } from './baileys-driver.mjs';

drive(baileys);
