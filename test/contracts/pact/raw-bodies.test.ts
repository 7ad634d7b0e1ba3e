import { expect } from 'chai'
import { withRawBodies } from '../../../contracts/lib/pact/pact-file.ts'
import { interaction, pact } from './pact-builder.ts'

describe('bodies that Pact cannot write', () => {
  it('are put in as base64, byte for byte, and the comment that carried them goes', () => {
    const draft = interaction()
    const comments = { ...draft.comments, rawBody: '{"type": "ü' }
    const [finished] = withRawBodies(pact({ ...draft, comments })).interactions
    const body = finished?.request.body as { content: string; encoded: string; contentType: string }
    expect(Buffer.from(body.content, 'base64').toString()).to.equal('{"type": "ü')
    expect(body).to.include({ encoded: 'base64', contentType: 'application/json' })
    expect(finished?.comments).to.deep.equal(draft.comments)
  })

  it('leave every other interaction as it is', () => {
    expect(withRawBodies(pact(interaction())).interactions).to.deep.equal([interaction()])
  })
})
